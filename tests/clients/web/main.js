// Hydrogen, a Matrix client for browsers, as its published package has it: nothing but its start.
import { createNavigation, createRouter, FeatureSet, Platform, RootViewModel } from "hydrogen-view-sdk";
import olmLegacyJs from "@matrix-org/olm/olm_legacy.js?url";
import olmJs from "@matrix-org/olm/olm.js?url";
import olmWasm from "@matrix-org/olm/olm.wasm?url";
import downloadSandbox from "hydrogen-view-sdk/download-sandbox.html?url";
import worker from "hydrogen-view-sdk/main.js?url";
import "hydrogen-view-sdk/theme-element-light.css";

const platform = new Platform({
  container: document.body,
  assetPaths: {
    downloadSandbox,
    serviceWorker: "sw.js",
    worker,
    olm: { wasm: olmWasm, legacyBundle: olmLegacyJs, wasmBundle: olmJs },
  },
  config: { defaultHomeServer: new URLSearchParams(location.search).get("homeserver") },
  options: { development: false },
});
await platform.init();
const navigation = createNavigation();
platform.setNavigation(navigation);
const urlRouter = createRouter({ navigation, history: platform.history });
urlRouter.attach();
const features = await FeatureSet.load(platform.settingsStorage);
const viewModel = new RootViewModel({ platform, urlRouter, navigation, features });
platform.createAndMountRootView(viewModel);
await viewModel.load();
