/** Answers the request for a report about a finding that the user holds to be wrong. */
import { type Connection, RequestType } from 'vscode-languageserver/node';
import { productVersion } from '../host/product.ts';
import { falseAlarmReport } from '../ide/false-alarm.ts';
import { type FalseAlarmParams, falseAlarmMethod } from '../protocol/requests.ts';
import { sameStart } from './code-actions.ts';
import type { OpenDocuments } from './open-documents.ts';

export function serveFalseAlarms(connection: Connection, open: OpenDocuments): void {
  connection.onRequest(new RequestType<FalseAlarmParams, string | null, void>(falseAlarmMethod), async (asked) => {
    const { uri, rule } = asked;
    const document = await open.current(uri);
    const finding = (await open.findingsNow(uri)).find((each) => each.rule === rule && sameStart(each, asked));
    return document && finding ? falseAlarmReport(finding, document, productVersion) : null;
  });
}
