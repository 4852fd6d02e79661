{{- define "ingress-doctor.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Short enough for the suffixes that objects and StatefulSet pods add. */}}
{{- define "ingress-doctor.fullname" -}}
{{- $name := include "ingress-doctor.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Cluster-scoped objects of releases that keep to their namespaces must not meet. */}}
{{- define "ingress-doctor.clusterName" -}}
{{- if .Values.namespaces }}
{{- printf "%s-%s" .Release.Namespace (include "ingress-doctor.fullname" .) }}
{{- else }}
{{- include "ingress-doctor.fullname" . }}
{{- end }}
{{- end }}

{{- define "ingress-doctor.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "ingress-doctor.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- required "serviceAccount.name is needed when serviceAccount.create is false" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "ingress-doctor.image" -}}
{{- with .Values.image }}
{{- $name := empty .registry | ternary .repository (printf "%s/%s" .registry .repository) }}
{{- if .digest }}
{{- printf "%s@%s" $name .digest }}
{{- else }}
{{- printf "%s:%s" $name (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "ingress-doctor.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ingress-doctor.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ingress-doctor.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "ingress-doctor.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* All processes, over all shards. */}}
{{- define "ingress-doctor.processes" -}}
{{- if gt (int .Values.sharding.shards) 1 }}
{{- mul .Values.sharding.shards .Values.sharding.replicasPerShard }}
{{- else }}
{{- .Values.replicas }}
{{- end }}
{{- end }}

{{/* Whether the page is reached over the network, where it asks for tokens. */}}
{{- define "ingress-doctor.pageService" -}}
{{- if and .Values.page.enabled (gt (int .Values.sharding.shards) 1) }}
{{- fail "page.enabled needs sharding.shards=1: each shard would show its own namespaces only" }}
{{- end }}
{{- and .Values.page.enabled (eq .Values.page.access "token") }}
{{- end }}
