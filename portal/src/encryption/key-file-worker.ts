/** Encrypts and decrypts key files beside the page, which stays usable meanwhile. */
import { deliver, type Order } from "./key-file-order.ts";

self.onmessage = async (event: MessageEvent<Order>) => {
  self.postMessage(await deliver(event.data));
};
