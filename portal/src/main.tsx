import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { startLanguages } from "./kit/i18n.ts";
import "./kit/styles/base.css";
import "./kit/styles/controls.css";
import "./kit/styles/layout.css";
import "./kit/styles/encryption.css";

const root = document.getElementById("root");
if (root) {
  await startLanguages();
  createRoot(root).render(<App />);
}
