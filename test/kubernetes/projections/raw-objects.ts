/** One complete raw object for each watched kind, as the API server would send it. */
export const rawObjects: Readonly<Record<string, object>> = {
  Ingress: {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      ...metadata("web"),
      generation: 3,
      finalizers: ["networking.gke.io/ingress-finalizer-V2"],
      annotations: {
        "kubernetes.io/ingress.class": "gce",
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        constructor: "plain data",
      },
    },
    spec: {
      ingressClassName: "gce",
      defaultBackend: { service: { name: "fallback", port: { number: 80 } } },
      tls: [{ hosts: ["a.example"], secretName: "web-tls" }, {}],
      rules: [
        {
          host: "a.example",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "web", port: { name: "http" } } },
              },
              { backend: { resource: { apiGroup: "x", kind: "Bucket", name: "files" } } },
            ],
          },
        },
        { host: "b.example" },
      ],
    },
    status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }, { hostname: "lb.example" }, {}] } },
  },
  Service: {
    metadata: metadata("web"),
    spec: {
      type: "NodePort",
      clusterIP: "None",
      selector: { app: "web", constructor: "x" },
      externalTrafficPolicy: "Local",
      ipFamilies: ["IPv4"],
      ports: [
        { name: "http", port: 80, targetPort: "web", nodePort: 30080, protocol: "TCP", appProtocol: "http" },
        { port: 53, protocol: "UDP" },
      ],
    },
  },
  EndpointSlice: {
    metadata: {
      ...metadata("web-x1"),
      labels: {
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
    },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }, {}],
    endpoints: [
      {
        addresses: ["10.4.0.9"],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: "Pod", name: "web-1", namespace: "shop" },
        nodeName: "node-a",
        zone: "us-central1-a",
      },
      { addresses: ["10.4.0.10"], conditions: { ready: false } },
      { addresses: ["10.4.0.11"] },
    ],
  },
  Pod: {
    metadata: {
      ...metadata("web-1"),
      labels: { app: "web" },
      ownerReferences: [
        { kind: "Other", name: "x" },
        { kind: "ReplicaSet", name: "web-6d", controller: true },
      ],
    },
    spec: {
      nodeName: "node-a",
      hostNetwork: false,
      terminationGracePeriodSeconds: 60,
      readinessGates: [{ conditionType: "cloud.google.com/load-balancer-neg-ready" }],
      initContainers: [{ name: "migrate", image: "migrate:1" }],
      containers: [
        {
          name: "web",
          image: "web:1",
          ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }, { containerPort: 9090 }],
          readinessProbe: {
            httpGet: {
              path: "/ready",
              port: "http",
              scheme: "HTTP",
              httpHeaders: [{ name: "Host", value: "a" }],
            },
            timeoutSeconds: 2,
            periodSeconds: 5,
          },
          lifecycle: { preStop: { sleep: { seconds: 20 } } },
        },
        { name: "db", image: "db:1", readinessProbe: { tcpSocket: { port: 5432 } } },
        { name: "rpc", image: "rpc:1", readinessProbe: { grpc: { port: 50051 } } },
        { name: "job", image: "job:1", readinessProbe: { exec: { command: ["true"] } } },
      ],
    },
    status: {
      phase: "Running",
      podIP: "10.4.0.9",
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-02T03:04:05Z" }],
      initContainerStatuses: [
        {
          name: "migrate",
          image: "migrate:1",
          ready: false,
          restartCount: 2,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: { terminated: { reason: "Error", exitCode: 1 } },
        },
      ],
      containerStatuses: [
        {
          name: "db",
          ready: false,
          restartCount: 4,
          state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
          lastState: { terminated: { reason: "Error", exitCode: 137 } },
        },
        { name: "web", ready: true, restartCount: 0, state: { running: {} } },
      ],
    },
  },
  Deployment: {
    metadata: { ...metadata("web"), generation: 2 },
    spec: {
      replicas: 3,
      minReadySeconds: 5,
      selector: { matchLabels: { app: "web" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%" } },
      template: { metadata: { labels: { app: "web" } } },
    },
    status: {
      observedGeneration: 2,
      replicas: 3,
      readyReplicas: 2,
      updatedReplicas: 3,
      conditions: [{ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }],
    },
  },
  StatefulSet: {
    metadata: { ...metadata("db"), generation: 1 },
    spec: { replicas: 2, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } },
    status: { observedGeneration: 1, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
  },
  Node: {
    metadata: { name: "node-a", labels: { "cloud.google.com/gke-node-pool-subnet": "pods" } },
    spec: {
      podCIDR: "10.4.0.0/24",
      providerID: "gce://lab-project/us-central1-a/node-a",
      taints: [{ key: "ToBeDeletedByClusterAutoscaler" }],
    },
    status: {
      conditions: [{ type: "Ready", status: "True" }],
      addresses: [
        { type: "Hostname", address: "node-a" },
        { type: "InternalIP", address: "10.128.0.2" },
      ],
    },
  },
  NetworkPolicy: {
    metadata: metadata("deny"),
    spec: {
      podSelector: {
        matchLabels: { app: "web" },
        matchExpressions: [{ key: "tier", operator: "In", values: ["a"] }],
      },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }, { podSelector: {} }],
          ports: [{ protocol: "TCP", port: 8080, endPort: 8090 }, { port: "http" }, {}],
        },
        {},
      ],
    },
  },
  Event: {
    metadata: metadata("web.17"),
    involvedObject: { kind: "Ingress", namespace: "shop", name: "web", uid: "u-1" },
    type: "Warning",
    reason: "Translate",
    message: "cannot find the Service",
    source: { component: "loadbalancer-controller" },
    count: 7,
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T01:00:00Z",
    eventTime: null,
  },
  BackendConfig: {
    apiVersion: "cloud.google.com/v1beta1",
    metadata: metadata("web-bc"),
    spec: {
      healthCheck: {
        checkIntervalSec: 10,
        timeoutSec: 5,
        healthyThreshold: 1,
        unhealthyThreshold: 3,
        type: "HTTP",
        requestPath: "/healthz",
        port: 8080,
      },
      timeoutSec: 40,
      connectionDraining: { drainingTimeoutSec: 60 },
      sessionAffinity: { affinityType: "GENERATED_COOKIE", affinityCookieTtlSec: 50 },
      iap: { enabled: true, oauthclientCredentials: { secretName: "iap" } },
      cdn: { enabled: true, cacheMode: "CACHE_ALL_STATIC", signedUrlKeys: [{ secretName: "key" }, {}] },
      securityPolicy: { name: "" },
      logging: { enable: true, sampleRate: 0.5 },
      customRequestHeaders: { headers: ["X-A: b"] },
    },
  },
  FrontendConfig: {
    metadata: metadata("web-fc"),
    spec: { sslPolicy: "modern", redirectToHttps: { enabled: true, responseCodeName: "FOUND" } },
  },
  ManagedCertificate: {
    metadata: metadata("web-cert"),
    spec: { domains: ["a.example"] },
    status: {
      certificateName: "mcrt-1",
      certificateStatus: "Active",
      expireTime: "2026-05-01T00:00:00.000-07:00",
      domainStatus: [{ domain: "a.example", status: "Active" }],
    },
  },
  ServiceNetworkEndpointGroup: {
    metadata: {
      ...metadata("k8s1-neg"),
      labels: { "networking.gke.io/service-name": "web", "networking.gke.io/service-port": "80" },
    },
    status: {
      lastSyncTime: "2026-01-02T00:00:00Z",
      conditions: [{ type: "Synced", status: "False", reason: "NegSyncFailed", message: "quota" }],
      networkEndpointGroups: [
        {
          selfLink: "https://x/compute/v1/projects/p/zones/us-central1-a/networkEndpointGroups/n",
          state: "ACTIVE",
        },
        { selfLink: "not a link" },
      ],
    },
  },
  Secret: {
    metadata: metadata("web-tls"),
    type: "kubernetes.io/tls",
    data: { "tls.key": "UkVEQUNURUQ=", "tls.crt": "UkVEQUNURUQ=" },
  },
};

function metadata(name: string) {
  return {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    creationTimestamp: "2026-01-01T00:00:00Z",
    managedFields: [
      { manager: "kubectl", operation: "Update", time: "2026-01-01T00:10:00Z", fieldsV1: { "f:spec": {} } },
    ],
  };
}
