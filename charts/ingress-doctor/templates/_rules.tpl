{{/* What the controller may do in the namespaces it diagnoses, and nothing else. Secrets are never read. */}}
{{- define "ingress-doctor.namespacedRules" -}}
# Read: one list and one watch of each kind.
- apiGroups: [""]
  resources: [services, pods, events]
  verbs: [list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [list, watch]
- apiGroups: [cloud.google.com]
  resources: [backendconfigs]
  verbs: [list, watch]
- apiGroups: [networking.gke.io]
  resources: [frontendconfigs, managedcertificates, servicenetworkendpointgroups]
  verbs: [list, watch]
# Write: the diagnosis by server-side apply, which needs create and patch, and Events.
- apiGroups: [ingressdoctor.dev]
  resources: [ingressdiagnoses]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [ingressdoctor.dev]
  resources: [ingressdiagnoses/status]
  verbs: [patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}

{{- define "ingress-doctor.nodeRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch]
{{- end }}

{{/* The one subject of every binding. */}}
{{- define "ingress-doctor.subjects" -}}
- kind: ServiceAccount
  name: {{ include "ingress-doctor.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
