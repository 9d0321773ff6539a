/** The view with the mapping handlers of the workspace: files, their handlers, what was found on their ways. A click goes there. */
import * as vscode from 'vscode';
import type { Severity } from '../../server/src/protocol/findings.ts';
import type { Range } from '../../server/src/protocol/position.ts';
import { HandlerList } from './handler-list.ts';
import { childrenOf, findingText, type HandlerNode, handlerText, type RowText, rootsOf } from './handler-nodes.ts';
import type { ServerConnection } from './server-connection.ts';

const viewId = 'driverMmap.handlers';

const icons: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  info: new vscode.ThemeIcon('info'),
  hint: new vscode.ThemeIcon('lightbulb'),
};

export class HandlerTree implements vscode.Disposable, vscode.TreeDataProvider<HandlerNode> {
  readonly #list: HandlerList;
  readonly #view: vscode.TreeView<HandlerNode>;
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(server: ServerConnection) {
    this.#list = new HandlerList(server);
    this.onDidChangeTreeData = this.#list.onDidChange;
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    this.#view.onDidChangeVisibility(({ visible }) => this.#list.watch(visible));
    this.#list.watch(this.#view.visible);
    // Before the first C file there is nothing to show, and no room is taken.
    void vscode.commands.executeCommand('setContext', 'driverMmap.isActive', true);
  }

  getChildren(node?: HandlerNode): HandlerNode[] {
    return [...(node ? childrenOf(node) : rootsOf(this.#list.files))];
  }

  getTreeItem(node: HandlerNode): vscode.TreeItem {
    switch (node.kind) {
      case 'file':
        return fileItem(vscode.Uri.parse(node.file.uri));
      case 'handler': {
        const { compiled, findings = [], range } = node.handler;
        const item = itemOf(handlerText(node.handler), vscode.Uri.parse(node.uri), range);
        item.iconPath = new vscode.ThemeIcon(compiled ? 'symbol-function' : 'circle-slash');
        item.contextValue = compiled ? 'handler' : 'inactiveHandler';
        if (findings.length > 0) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
        return item;
      }
      case 'finding': {
        const item = itemOf(findingText(node.finding), vscode.Uri.parse(node.finding.uri), node.finding.range);
        item.iconPath = icons[node.finding.severity];
        item.contextValue = 'finding';
        return item;
      }
    }
  }

  /** The command that searches the workspace and shows what it has found. */
  async search(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.toString()) ?? [];
    if (folders.length === 0) {
      void vscode.window.showInformationMessage('Open the folder of a driver to find the mapping handlers of all of its files.');
      return;
    }
    const count = await this.#list.search(folders);
    await vscode.commands.executeCommand(`${viewId}.focus`);
    if (count === 0) void vscode.window.showInformationMessage('No C file of the workspace has a mapping handler.');
  }

  dispose(): void {
    this.#view.dispose();
    this.#list.dispose();
  }
}

function fileItem(uri: vscode.Uri): vscode.TreeItem {
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.Expanded);
  const path = vscode.workspace.asRelativePath(uri);
  item.description = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  item.iconPath = vscode.ThemeIcon.File;
  item.contextValue = 'file';
  return item;
}

function itemOf({ label, description, tooltip }: RowText, uri: vscode.Uri, { start, end }: Range): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = description;
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: tooltip };
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  item.command = { title: 'Go there', command: 'vscode.open', arguments: [uri, { selection }] };
  return item;
}
