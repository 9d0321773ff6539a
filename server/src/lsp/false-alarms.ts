/** Answers the request for a report about a finding that the user holds to be wrong. */
import { type Connection, RequestType } from 'vscode-languageserver/node';
import { productVersion } from '../host/product.ts';
import { falseAlarmReport } from '../ide/false-alarm.ts';
import { type FalseAlarmParams, falseAlarmMethod } from '../protocol/requests.ts';
import type { OpenDocuments } from './open-documents.ts';

export function serveFalseAlarms(connection: Connection, open: OpenDocuments): void {
  connection.onRequest(new RequestType<FalseAlarmParams, string | null, void>(falseAlarmMethod), async ({ uri, rule, range }) => {
    const document = await open.current(uri);
    const { line, character } = range.start;
    const finding = (await open.findingsNow(uri)).find(
      (each) => each.rule === rule && each.range.start.line === line && each.range.start.character === character,
    );
    return document && finding ? falseAlarmReport(finding, document, productVersion) : null;
  });
}
