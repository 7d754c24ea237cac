# The exporter as an image: reads logs from /claude, /codex, /pi and /gemini, keeps its state in /state, serves on port 9853.
# Both stages exist for amd64 and arm64; native parts come prebuilt from npm, so nothing is compiled.

# Another base is for who cannot have this one: Debian 13 with Node.js 24, npm and a user `node`.
ARG BASE=node:24-trixie-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY LICENSE build.js ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# The image as it shall be. /state takes whoever the container runs as, like /tmp: logs are readable by their owner only,
# so that is not always the user of the image.
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
# One arena for the threads' memory, since few of them allocate: 9 MB less for 20,000 files.
# What the variables of agents name need not be there.
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
# It asks where, and how, the settings of the container say, those among its arguments included.
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s \
  CMD ["node", "/app/dist/main.js", "healthcheck"]
ENTRYPOINT ["node", "/app/dist/main.js"]
