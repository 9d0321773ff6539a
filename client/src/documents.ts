/** What the extension brings to read: the pages of its rules and an example driver. */
import * as vscode from 'vscode';

/** Asks for a rule and shows its page, which also is there without a network. */
export async function explainRule(extensionUri: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'rules');
  const files = await vscode.workspace.fs.readDirectory(folder);
  const names = files.map(([file]) => file).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const items = names.sort().map((file) => ({ label: file.replace(/\.md$/, '') }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Explain Rule', placeHolder: 'The name of a rule' });
  if (picked) await showRule(extensionUri, picked.label);
}

/** Shows the page of a rule. */
export async function showRule(extensionUri: vscode.Uri, rule: string): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(extensionUri, 'dist', 'rules', `${rule}.md`));
}

/** Opens a copy of the example driver that nobody has to save. */
export async function openExample(extensionUri: vscode.Uri): Promise<void> {
  const file = vscode.Uri.joinPath(extensionUri, 'examples', 'framebuffer-card.c');
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const document = await vscode.workspace.openTextDocument({ language: 'c', content });
  await vscode.window.showTextDocument(document);
}
