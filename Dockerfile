# syntax=docker/dockerfile:1
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -X main.version=$VERSION" -o /out/hotfixbot ./cmd/hotfixbot

# Debian, not a bare image: the bot runs git, and 2.39, which bookworm has, is the
# one that it is tested with.
FROM debian:12.12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 hotfixbot \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin hotfixbot \
 && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /out/hotfixbot /usr/local/bin/hotfixbot
USER 10001:10001
# Everything is written below DATA_DIR and /tmp; the rest may be mounted read-only.
ENV DATA_DIR=/data LISTEN=:8080
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["hotfixbot", "health"]
ENTRYPOINT ["hotfixbot"]
CMD ["serve"]
