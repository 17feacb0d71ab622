FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags=-s -o /out/hotfixbot ./cmd/hotfixbot

# Debian, not a bare image: the bot runs git, of which bookworm has 2.39.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hotfixbot \
 && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /out/hotfixbot /usr/local/bin/hotfixbot
USER 10001
# Everything is written below DATA_DIR; the rest may be mounted read-only
# (docker run --read-only --tmpfs /tmp).
ENV DATA_DIR=/data LISTEN=:8080
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["hotfixbot", "health"]
ENTRYPOINT ["hotfixbot"]
CMD ["serve"]
