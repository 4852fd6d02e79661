/** Formats of `diagnose -o`. */
export const REPORT_FORMATS = ["text", "json", "yaml", "markdown", "sarif", "junit", "html"] as const;

/** Formats of `route -o`. */
export const ROUTE_FORMATS = ["text", "json", "yaml"] as const;

/** Formats of `rules -o` and `explain -o`. */
export const RULE_FORMATS = ["text", "json"] as const;

/** Formats of `watch -o` and `wait -o`; `json` is one line for each change. */
export const FOLLOW_FORMATS = ["text", "json"] as const;
