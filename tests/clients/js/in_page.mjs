// matrix-js-sdk for a page: bundled by the test that needs it, and used through `window.sdk`.
import * as sdk from "matrix-js-sdk";

window.sdk = sdk;
