// The smallest App on Probot: it verifies deliveries, and one handler does nothing.
import { readFileSync } from "node:fs";
import { Probot, Server } from "probot";

const server = new Server({
  Probot: Probot.defaults({
    appId: 1,
    privateKey: readFileSync(process.env.PRIVATE_KEY_PATH, "utf8"),
    secret: process.env.WEBHOOK_SECRET,
  }),
  host: "127.0.0.1",
  port: Number(process.env.PORT),
});
await server.load((app) => {
  app.on("pull_request", async () => {});
});
await server.start();
