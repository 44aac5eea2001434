# Everything that builds; nothing of it but dist is delivered.
FROM node:26.10.0-slim AS build
WORKDIR /certkeep
COPY package.json package-lock.json .npmrc ./
COPY web/package.json ./web/
# Vite needs the optional package with its compiler for this platform; nothing runs the others.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY src ./src
RUN npx tsc -p tsconfig.build.json
COPY scripts/build-web.mjs ./scripts/
COPY web ./web
RUN node scripts/build-web.mjs

# What runs: neither development packages nor the embedded PostgreSQL, nor a second Node beside the image's own.
FROM node:26.10.0-slim AS packages
WORKDIR /certkeep
COPY package.json package-lock.json .npmrc ./
COPY web/package.json ./web/
RUN npm ci --omit=dev --omit=optional --workspaces=false

FROM node:26.10.0-slim
WORKDIR /certkeep
ENV NODE_ENV=production CERTKEEP_IMAGE=1 HOST=0.0.0.0 PORT=3000
# As in scripts/node26.mjs.
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072
COPY package.json LICENSE ./
COPY --from=packages /certkeep/node_modules ./node_modules
COPY --from=build /certkeep/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1, so that it gets SIGTERM; it ends within five seconds. Half of V8's usual room for young objects,
# and an old space that is collected when it has grown by 30 %, save 100 MB while large p12 files come in
# (npm run bench:keystores) and 40 MB with many connections (docs/performance.md).
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=30", "--enable-source-maps", "dist/src/main.js"]
# What a release sets (docs/releasing.md); last, so that it invalidates no layer.
ARG VERSION=unreleased REVISION=unknown CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="certkeep" \
  org.opencontainers.image.description="Self-hosted server for users' certificate credentials" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.created="$CREATED"
