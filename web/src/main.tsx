import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followLink } from "./api/workspace.ts";
import { App } from "./app/App.tsx";
import { spreadNonce } from "./app/nonce.ts";

spreadNonce();
followLink();
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
