{{/* The one pod template of Deployment and StatefulSet. */}}
{{- define "ingress-doctor.podTemplate" -}}
metadata:
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  labels:
    {{- include "ingress-doctor.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "ingress-doctor.serviceAccountName" . }}
  automountServiceAccountToken: true
  enableServiceLinks: false
  # The controller gives up what it holds within 9 seconds.
  terminationGracePeriodSeconds: 15
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: controller
      image: {{ include "ingress-doctor.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        {{- include "ingress-doctor.args" . | nindent 8 }}
      {{- with .Values.extraEnv }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        {{- if eq (include "ingress-doctor.pageService" .) "true" }}
        - name: page
          containerPort: 8081
          protocol: TCP
        {{- end }}
      livenessProbe:
        httpGet:
          path: /livez
          port: http
        initialDelaySeconds: 5
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 3
      readinessProbe:
        httpGet:
          path: /readyz
          port: http
        periodSeconds: 5
        timeoutSeconds: 5
      {{- with .Values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- $selector := dict "labelSelector" (dict "matchLabels" (include "ingress-doctor.selectorLabels" $ | fromYaml)) }}
    {{- range . }}
    - {{ merge (deepCopy .) $selector | toYaml | nindent 6 | trim }}
    {{- end }}
  {{- end }}
{{- end }}

{{- define "ingress-doctor.args" -}}
- --listen=0.0.0.0:8080
- --lease-namespace={{ .Release.Namespace }}
- --lease-name={{ include "ingress-doctor.fullname" . }}
{{- if gt (int .Values.sharding.shards) 1 }}
- --shards={{ .Values.sharding.shards }}
{{- end }}
{{- with .Values.namespaces }}
- --namespace={{ join "," . }}
{{- end }}
- --log-level={{ .Values.logLevel }}
- --google={{ .Values.google.enabled | ternary "auto" "off" }}
{{- with .Values.google.project }}
- --google-project={{ . }}
{{- end }}
{{- with .Values.google.endpoint }}
- --google-endpoint={{ . }}
{{- end }}
{{- if .Values.probe.enabled }}
- --probe
{{- end }}
{{- if .Values.page.enabled }}
- --page={{ eq .Values.page.access "local" | ternary "127.0.0.1" "0.0.0.0" }}:8081
- --page-access={{ .Values.page.access }}
{{- end }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end }}
