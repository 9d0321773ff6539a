/** The process of the language server: started with a channel for messages, what it writes besides them logged, killed when it must be. */
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LogOutputChannel } from 'vscode';

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Resolves when the process is gone: in what way, as a clause. */
  readonly ended: Promise<string>;
}

/** An editor that is being debugged itself has its server listen to a debugger. */
const debugArguments = ['--nolazy', '--inspect=6009'];
const isDebugged = process.execArgv.some((argument) => /^--inspect(-brk)?(=|$)/.test(argument));

/** `module` is the path of the server's bundle. */
export function startServer(module: string, output: LogOutputChannel): ServerProcess {
  const child = fork(module, ['--node-ipc'], {
    execArgv: isDebugged ? debugArguments : [],
    // On a desktop the program that runs here is the editor itself.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ELECTRON_NO_ASAR: '1' },
    silent: true,
  });
  if (child.stdout) createInterface(child.stdout).on('line', (line) => output.info(line));
  if (child.stderr) createInterface(child.stderr).on('line', (line) => output.error(line));
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `by the signal ${signal}` : `with the code ${code}`));
    // Without a process there is no exit either.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`before its start: ${error.message}`);
      else output.error(error.message);
    });
  });
  return { child, ended };
}
