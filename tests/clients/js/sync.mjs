// What a running client asks for, and what it needs back.
import { clientOf, end, given, say, sdk, signIn, start } from "./kit.mjs";

const client = clientOf(await signIn(given.password));
await start(client);
say("started", {
  versions: await client.getVersions(),
  capabilities: await client.getCapabilities(),
  masterRule: client.pushRules?.global.override?.some((rule) => rule.rule_id === ".m.rule.master"),
});

const echo = new Promise((resolve) => {
  client.on(sdk.ClientEvent.AccountData, (event) => {
    if (event.getType() === "org.example.note") resolve(event.getContent());
  });
});
await client.setAccountData("org.example.note", { text: "kept" });
say("echo", await echo);
say("stored", await client.getAccountDataFromServer("org.example.note"));

await client.setDisplayName("Jay");
say("profile", await client.getProfileInfo(client.getUserId()));
end(client);
