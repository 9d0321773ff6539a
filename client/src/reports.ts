/** What users need when something is not as they expect: which settings hold, and reports to send to us. Sends nothing itself. */
import * as vscode from 'vscode';
import { type FalseAlarmParams, type FileStatus, falseAlarmMethod, fileStatusMethod } from '../../server/src/protocol/requests.ts';
import type { ServerConnection } from './server-connection.ts';
import type { ShownTexts } from './shown-texts.ts';

/** What the server knows of the file; `undefined` when it does not run or does not know the file. */
export async function statusOf(server: ServerConnection, document: vscode.TextDocument | undefined): Promise<FileStatus | undefined> {
  if (server.state !== 'running' || !document || !['c', 'cpp'].includes(document.languageId)) return undefined;
  try {
    return (await server.request<FileStatus | null>(fileStatusMethod, { uri: document.uri.toString() })) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Opens a page with the settings of the active file and where each comes from. */
export async function activeConfiguration(server: ServerConnection, texts: ShownTexts): Promise<void> {
  const status = await statusOf(server, vscode.window.activeTextEditor?.document);
  if (!status) {
    void vscode.window.showInformationMessage('Open the C file of a driver to see the settings that hold for it.');
    return;
  }
  const content = ['# Active configuration of driver-mmap', '', ...statusLines(status)].join('\n');
  await texts.show('Active Configuration', content);
}

/** Copies versions, states and settings, without any text of the user's files. */
export async function troubleshootingReport(extension: vscode.Extension<unknown>, server: ServerConnection): Promise<void> {
  const status = await statusOf(server, vscode.window.activeTextEditor?.document);
  const { version } = extension.packageJSON as { readonly version: string };
  const lines = [
    '# driver-mmap troubleshooting report',
    '',
    `- driver-mmap ${version}, ${vscode.env.appName} ${vscode.version}`,
    `- Node ${process.version} on ${process.platform} ${process.arch}, remote: ${vscode.env.remoteName ?? 'no'}`,
    `- workspace is ${vscode.workspace.isTrusted ? 'trusted' : 'not trusted'}, language server is ${server.state}`,
    '',
    ...(status ? statusLines(status) : ['No C file is active, so there are no settings of a file.']),
    '',
  ];
  await vscode.env.clipboard.writeText(lines.join('\n'));
  void vscode.window.showInformationMessage('The report is in the clipboard. It holds versions and settings, and no text of your files.');
}

/** Copies what can be told about a finding that seems wrong: it, and the text of its function. */
export async function falseAlarmReport(server: ServerConnection, texts: ShownTexts, finding: FalseAlarmParams): Promise<void> {
  const report = await server.request<string | null>(falseAlarmMethod, finding);
  if (report === null) {
    void vscode.window.showInformationMessage('The finding is gone, so there is nothing to report.');
    return;
  }
  await vscode.env.clipboard.writeText(report);
  const told = 'The report is in the clipboard. It holds the finding and the text of its function, and nothing else of your files.';
  const look = 'Look at It';
  if ((await vscode.window.showInformationMessage(told, look)) === look) await texts.show('Report of a Wrong Finding', report);
}

function statusLines(status: FileStatus): readonly string[] {
  const { kernel, kernelFrom, handlers, findings, checkedIn, problems, settings } = status;
  return [
    `Linux ${kernel}, from ${kernelFrom}. ${handlers.length} mapping handlers, ${findings} findings, checked in ${checkedIn} ms.`,
    '',
    '| Setting | Value | From |',
    '|---|---|---|',
    ...settings.map(({ name, value, from }) => `| \`${name}\` | ${value} | ${from} |`),
    ...(problems.length > 0 ? ['', 'Not judged in full:', '', ...problems.map((problem) => `- ${problem}`)] : []),
  ];
}
