/**
 * Where Google's health checks and the requests of external load balancers come from (Google Cloud
 * documentation: External Application Load Balancer overview, firewall rules; 2026-08).
 */
export const GOOGLE_RANGES = ["130.211.0.0/22", "35.191.0.0/16"] as const;
