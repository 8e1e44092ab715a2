// Starts `convagent guidance lsp` and hands the editor's guidance files to it.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function start() {
  const settings = vscode.workspace.getConfiguration("convagent");
  const [command, ...args] = settings.get("command", ["convagent", "guidance", "lsp"]);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const server = { command, args, options: folder ? { cwd: folder } : {} };
  client = new LanguageClient("convagent", "Guidance of convagent", server, {
    documentSelector: [{ language: "convagent-guidance" }],
    initializationOptions: { actions: settings.get("actions", true) },
  });
  return client.start().catch((error) => {
    vscode.window.showErrorMessage(
      `The language server of convagent could not be started (${error.message}). ` +
        'Install it with: pip install "convagent[editor]", or name its command in the setting convagent.command.',
    );
  });
}

async function activate(context) {
  const restart = async () => {
    await client?.stop().catch(() => undefined);
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("convagent.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("convagent")) {
        restart();
      }
    }),
  );
  await start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
