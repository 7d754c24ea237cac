# The image of the exporter. It reads logs from /claude, /codex, /pi and /gemini, keeps its state in /state, and serves on port 9853.
# The base exists for amd64 and arm64. Native modules are prebuilt in their npm packages, so nothing is compiled.

# Any other base must be Debian 13 with Node.js 24, npm and a user `node`.
ARG BASE=node:24-trixie-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY LICENSE build.js ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# The files of the final image. /state is writable for every user, like /tmp: logs are readable only by their owner, so the
# container may run as another user than that of the image.
RUN mkdir -p /image/app /image/claude && mkdir -m 1777 /image/state \
  && mv package.json LICENSE dist node_modules /image/app/

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION
LABEL org.opencontainers.image.title="agent-usage-exporter" \
      org.opencontainers.image.description="Exact token and cost counters for coding agents, for Prometheus" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/ /
# Few threads allocate memory, so one arena is enough; it saves 9 MB for 20,000 files.
# The directories of the agents need not exist.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    CLAUDE_CONFIG_DIR=/claude \
    CODEX_HOME=/codex \
    PI_CODING_AGENT_DIR=/pi \
    GEMINI_CLI_HOME=/gemini \
    AGENT_USAGE_STATE_DIR=/state \
    AGENT_USAGE_WEB_LISTEN_ADDRESS=0.0.0.0:9853
VOLUME /state
EXPOSE 9853
USER node
# The check uses the settings of the container, including those in its arguments.
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s \
  CMD ["node", "/app/dist/main.js", "healthcheck"]
ENTRYPOINT ["node", "/app/dist/main.js"]
