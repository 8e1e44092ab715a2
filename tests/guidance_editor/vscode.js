// Runs the extension for VS Code with stand-ins for the editor and its client library, and tells what it asked them for.
"use strict";

const Module = require("module");
const said = { started: [], stopped: 0, commands: [], settings: [], errors: [], handlers: [] };
const values = JSON.parse(process.argv[3] || "{}");
let fails = process.argv[4] === "fails";

class LanguageClient {
  constructor(id, name, server, options) {
    this.told = { id, name, server, options };
  }
  async start() {
    said.started.push(this.told);
    if (fails) {
      throw new Error("spawn ENOENT");
    }
  }
  async stop() {
    said.stopped += 1;
  }
}

const vscode = {
  workspace: {
    workspaceFolders: [{ uri: { fsPath: "/shop" } }],
    getConfiguration: (section) => ({
      get: (name, usual) => {
        said.settings.push(`${section}.${name}`);
        return name in values ? values[name] : usual;
      },
    }),
    onDidChangeConfiguration: (handler) => (said.handlers.push("configuration"), (said.changed = handler), { dispose() {} }),
  },
  window: { showErrorMessage: (text) => said.errors.push(text) },
  commands: { registerCommand: (name, run) => (said.commands.push(name), (said.restart = run), { dispose() {} }) },
};

const load = Module._load;
Module._load = (name, ...rest) =>
  name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient } : load(name, ...rest);

(async () => {
  const extension = require(process.argv[2]);
  const context = { subscriptions: [] };
  await extension.activate(context);
  await said.restart();
  said.changed({ affectsConfiguration: (name) => name === "editor" });
  await extension.deactivate();
  said.subscriptions = context.subscriptions.length;
  process.stdout.write(JSON.stringify(said));
})();
