// Tells the app that opened this page that the step is done (Client-Server API, "Fallback").
if (typeof window.onAuthDone === "function") {
  window.onAuthDone();
} else if (window.opener?.postMessage) {
  window.opener.postMessage("authDone", "*");
}
