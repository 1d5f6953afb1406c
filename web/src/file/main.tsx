import "@mantine/core/styles.css";
import "../app/app.css";
import "./file.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { FileApp } from "./FileApp.tsx";
import { readSheet } from "./sheet.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("proof.html has no #root");
createRoot(root).render(
  <StrictMode>
    <FileApp sheet={readSheet(document.getElementById("proof")?.textContent ?? "null")} />
  </StrictMode>,
);
