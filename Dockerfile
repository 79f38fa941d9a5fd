FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/verifier/package.json packages/verifier/
COPY apps/console/package.json apps/console/
RUN npm ci
COPY .swcrc openapi.json tsconfig.json ./
COPY scripts/build.mjs scripts/bundle-console.mjs scripts/tandem.mjs scripts/
COPY apps/console apps/console
COPY packages/client/src packages/client/src
COPY src src
RUN npm run build && npm prune --omit=dev
# What the providers of SMS_PROVIDERS need, at the locked versions: --build-arg SMS_SDKS='twilio @aws-sdk/client-sns'
ARG SMS_SDKS=
RUN for sdk in $SMS_SDKS; do \
      version=$(node -p "require('./package-lock.json').packages['node_modules/$sdk'].version") && \
      npm install --save-prod --omit=dev "$sdk@$version" || exit 1; \
    done

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/scripts scripts
RUN ln -s /app/dist/cli/main.js /usr/local/bin/tandem
RUN mkdir data && chown node data
USER node
EXPOSE 3000
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
