# Needs network for the packages of the lock file, and nothing else from outside:
#   docker build -t ingress-doctor .
# Each architecture runs the same steps; `docker buildx build --platform linux/amd64,linux/arm64` builds both.
# Behind a registry of your own, mount its npm configuration: --secret id=npmrc,src=$HOME/.npmrc

# Any image with a shell, Node >= 20 and npm builds; what is shipped does not depend on its version.
ARG BUILD_IMAGE=docker.io/library/node:24-bookworm-slim
# glibc, libstdc++, CA certificates and a user 65532, no shell.
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
COPY docs/rules docs/rules
COPY deploy/crds deploy/crds
RUN npm run --silent build && npm run --silent sbom -- dist/sbom.cdx.json

FROM ${BASE_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Ingress Doctor" \
      org.opencontainers.image.description="Says why a GKE Ingress answers 404 or 502, and what to change." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# The Node that the lock file pins and the tests ran, not the one of some base image.
COPY --from=build /src/node_modules/node/bin/node /usr/local/bin/node
COPY --from=build /src/dist /app
COPY LICENSE /app/LICENSE
USER 65532:65532
WORKDIR /app
ENV NODE_ENV=production \
    INGRESS_DOCTOR_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["/usr/local/bin/node", "-e", "fetch('http://127.0.0.1:8080/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/local/bin/node", "/app/main.js"]
