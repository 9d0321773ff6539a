/** The custom messages between client and server, documented once: method, parameters, result. Plain data. */
import type { AttackReport } from './attack.ts';
import type { FileHandlers } from './handlers.ts';
import type { Matrix } from './matrix.ts';
import type { Position, Range } from './position.ts';
import type { Trace } from './trace.ts';

/** Client to server: run a handler. Without a scenario the default one for the handler's kind is used. */
export const simulateMethod = 'driverMmap/simulate';

export interface SimulateParams {
  readonly uri: string;
  /** The handler's function name; absent: the handler at `position`, else the file's first mmap handler. */
  readonly handler?: string;
  readonly position?: Position;
  /** The text of a `.mmapsim` scenario. */
  readonly scenario?: string;
  /** Where the scenario stands, for what it includes; absent: beside the C file. */
  readonly scenarioUri?: string;
  /** `6.12`; absent: the target version of the file. */
  readonly kernel?: string;
  /** The page begins at a step of this line (from 0), such as that of a finding. The server does not read it. */
  readonly showLine?: { readonly file: string; readonly line: number };
}

export type SimulateResult = { readonly kind: 'trace'; readonly trace: Trace } | { readonly kind: 'failed'; readonly message: string };

/** Client to server: run a handler with one scenario on several kernels. */
export const matrixMethod = 'driverMmap/simulateMatrix';

export interface MatrixParams extends SimulateParams {
  /** Such as `5.4` and `6.12`, in the order of the columns. */
  readonly kernels: readonly string[];
}

export type MatrixResult = { readonly kind: 'matrix'; readonly matrix: Matrix } | { readonly kind: 'failed'; readonly message: string };

/** Client to server: look for what a hostile program can do to a handler. */
export const attackMethod = 'driverMmap/attack';

export interface AttackParams extends Pick<SimulateParams, 'uri' | 'handler' | 'position' | 'kernel'> {
  /** Another seed looks elsewhere. */
  readonly seed?: number;
  /** Steps to spend. */
  readonly budget?: number;
}

export type AttackResult =
  | { readonly kind: 'report'; readonly report: AttackReport }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Client to server: check all C files of folders. Findings are published as diagnostics while the check goes on; with a
 * `workDoneToken` its progress is told as the protocol says. Cancelling the request keeps what was found until then.
 */
export const checkWorkspaceMethod = 'driverMmap/checkWorkspace';

/** The same for editors that have no command of their own; the result is a sentence. No arguments. */
export const checkWorkspaceCommand = 'driverMmap.checkWorkspace';

export interface CheckWorkspaceParams {
  /** URIs; absent: the folders that the client named when it started the server. */
  readonly folders?: readonly string[];
  readonly workDoneToken?: number | string;
}

export interface CheckWorkspaceResult {
  /** C files below the folders, without those that `.gitignore` names. */
  readonly files: number;
  readonly checked: number;
  readonly findings: number;
  readonly filesWithFindings: number;
  readonly cancelled: boolean;
}

/** Client to server: the mapping handlers of a file, as it is in the editor, else as it was last written. Result: `FileHandlers`. */
export const handlersMethod = 'driverMmap/handlers';

export interface HandlersParams {
  readonly uri: string;
}

/** Client to server: the mapping handlers of all C files of folders. Progress, cancelling and folders as for the check of them. */
export const workspaceHandlersMethod = 'driverMmap/workspaceHandlers';

export interface WorkspaceHandlersResult {
  /** Files with handlers alone. */
  readonly files: readonly FileHandlers[];
  readonly cancelled: boolean;
}

/** Client to server: all that is known of a call, flag, slot or rule of this name, as Markdown; `null` for another name. */
export const explainMethod = 'driverMmap/explain';

export interface ExplainParams {
  readonly name: string;
  /** A file that is open: what is said is said for its target; absent: for the newest version that is modelled. */
  readonly uri?: string;
}

/** Pages that the client of the extension draws: `driver-mmap:/NAME.md` is what `explainMethod` says of the name. */
export const pageScheme = 'driver-mmap';

/** The commands behind the links of hovers. Arguments: `[ExplainParams]`; `[name of a rule]`. */
export const explainNameCommand = 'driverMmap.explainName';
export const explainRuleCommand = 'driverMmap.explainRule';

/** The command behind a quick fix that shows all places of a finding in a list; the client answers it. Arguments: `[ShowPlacesParams]`. */
export const showPlacesCommand = 'driverMmap.showPlaces';

export interface ShowPlacesParams {
  readonly uri: string;
  /** Where the finding stands, and the list opens. */
  readonly range: Range;
  readonly places: readonly { readonly uri: string; readonly range: Range }[];
}

/** Client to server: a report about a finding that the user holds to be wrong, as Markdown; `null` when the finding is gone. */
export const falseAlarmMethod = 'driverMmap/falseAlarm';

export interface FalseAlarmParams {
  /** The open file that was checked. */
  readonly uri: string;
  readonly rule: string;
  readonly range: Range;
}

/** The command behind a quick fix that copies that report; the client answers it. Arguments: `[FalseAlarmParams]`. */
export const copyFalseAlarmCommand = 'driverMmap.copyFalseAlarm';

/** Client to server: what the server knows of an open file, for the status item and the troubleshooting report. */
export const fileStatusMethod = 'driverMmap/fileStatus';

export interface FileStatus {
  /** The Linux version that facts and rules follow. */
  readonly kernel: string;
  /** Where it came from, in a clause: `the setting driverMmap.kernelVersion`. */
  readonly kernelFrom: string;
  /** Mapping handlers of the file. */
  readonly handlers: readonly string[];
  readonly findings: number;
  /** Milliseconds of the last check, measured on the server. */
  readonly checkedIn: number;
  /** What was not judged in full, a sentence each. */
  readonly problems: readonly string[];
  /** The settings that hold for the file, each with where its value came from. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly from: string }[];
}

/**
 * Server to client: the branches of `#if` that the target of an open file does not compile, whenever they become others. Sent to clients
 * that ask for it as those of clangd do: `textDocument.inactiveRegionsCapabilities.inactiveRegions` among their capabilities.
 */
export const inactiveRegionsMethod = 'textDocument/inactiveRegions';

export interface InactiveRegionsParams {
  readonly textDocument: { readonly uri: string };
  /** Whole lines, the last one without its line break; all that there are. */
  readonly regions: readonly Range[];
}

/** The commands behind the lenses of a scenario; the client answers them. Arguments: `[uri of the scenario]`. */
export const runScenarioCommand = 'driverMmap.runScenario';
export const runOnKernelsCommand = 'driverMmap.runOnKernels';

/**
 * The command behind lenses and quick fixes. Arguments: `[SimulateParams]`. A client that says `simulationPage: true` among its
 * initialization options answers it by opening the page; for others the server runs it, and the result is the story as text.
 */
export const simulateCommand = 'driverMmap.simulate';
