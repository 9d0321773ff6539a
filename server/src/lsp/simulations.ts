/**
 * The custom requests: a simulation, the same on several kernels, an attack, the state of a file. Each asks `ide/` for an open
 * document and answers with plain data. Editors that have no page for a simulation run it by a command and get the story as text.
 */
import { type Connection, RequestType } from 'vscode-languageserver/node';
import { attackDocument } from '../ide/attack.ts';
import type { SourceDocument } from '../ide/document.ts';
import { type SimulateWish, simulateDocument } from '../ide/simulate.ts';
import { simulateMatrix } from '../ide/simulate-matrix.ts';
import { type KernelVersion, parseVersion } from '../kernel/version.ts';
import {
  type AttackParams,
  type AttackResult,
  attackMethod,
  type FileStatus,
  fileStatusMethod,
  type MatrixParams,
  type MatrixResult,
  matrixMethod,
  type SimulateParams,
  type SimulateResult,
  simulateMethod,
} from '../protocol/requests.ts';
import { formatStory } from '../simulation/story.ts';
import { pathOf } from './convert.ts';
import type { OpenDocuments } from './open-documents.ts';
import { problemOfParams } from './simulation-params.ts';

type Failed = { readonly kind: 'failed'; readonly message: string };

/** Runs `work`; an error of ours is logged, and gives `undefined`. */
type Guard = <T>(connection: Connection, what: string, uri: string, work: () => Promise<T>) => Promise<T | undefined>;

/** What editors without a page for a simulation ask by a command. */
export interface Simulations {
  /** The story of a run, or why there is none. */
  tell(parameters: unknown): Promise<string>;
}

/** Answers the custom requests of this connection. */
export function serveSimulations(connection: Connection, open: OpenDocuments, guarded: Guard): Simulations {
  const answer = async <Params extends SimulateParams, Result>(
    what: string,
    params: Params,
    isCompared: boolean,
    work: (document: SourceDocument) => Result,
  ): Promise<Result | Failed> => {
    const problem = problemOfParams(params);
    if (problem !== undefined) return { kind: 'failed', message: problem };
    const { uri, kernel } = params;
    const result = await guarded(connection, what, uri, async () => {
      const document = await open.current(uri, isCompared ? undefined : kernel);
      return document && work(document);
    });
    const failed: Failed = { kind: 'failed', message: `The file is not open, or the ${what} failed; the output channel says more.` };
    return result ?? failed;
  };

  const simulated = (params: SimulateParams) =>
    answer('simulation', params, false, (document) => simulateDocument(document, wishOf(document, params)));

  connection.onRequest(new RequestType<SimulateParams, SimulateResult, void>(simulateMethod), simulated);
  connection.onRequest(new RequestType<MatrixParams, MatrixResult, void>(matrixMethod), (params) =>
    answer('comparison', params, true, (document) => compare(document, params)),
  );
  connection.onRequest(new RequestType<AttackParams, AttackResult, void>(attackMethod), (params) =>
    answer('attack', params, false, (document) => {
      const { handler } = wishOf(document, params);
      const { seed, budget } = params;
      return attackDocument(document, { ...(handler === undefined ? {} : { handler }), version: document.target.version, seed, budget });
    }),
  );
  connection.onRequest(
    new RequestType<{ readonly uri: string }, FileStatus | null, void>(fileStatusMethod),
    async ({ uri }) => (await guarded(connection, 'status', uri, () => open.status(uri))) ?? null,
  );

  return {
    tell: async (params) => {
      // Looked at before anything of it is used.
      const result = await simulated(params as SimulateParams);
      return result.kind === 'failed' ? `${result.message}\n` : formatStory(result.trace);
    },
  };
}

function wishOf(document: SourceDocument, params: SimulateParams): SimulateWish {
  const { handler, position, scenario, scenarioUri } = params;
  return {
    ...(handler !== undefined && { handler }),
    ...(position && { offset: document.linesOf(document.file).offsetAt(position) }),
    ...(scenario !== undefined && { scenario }),
    ...(scenarioUri !== undefined && { scenarioFile: pathOf(scenarioUri) }),
  };
}

function compare(document: SourceDocument, params: MatrixParams): MatrixResult {
  const versions: KernelVersion[] = [];
  for (const kernel of params.kernels) {
    const version = parseVersion(kernel);
    if (!version) return { kind: 'failed', message: `\`${kernel}\` is no Linux version. Write versions such as 6.12 or 2.6.15.` };
    versions.push(version);
  }
  const targets = versions.map((version) => ({ ...document.target, version }));
  const result = simulateMatrix(targets, ({ version }) => document.readFor(version), wishOf(document, params));
  return result.kind === 'failed' ? result : { kind: 'matrix', matrix: result.matrix };
}
