/** The struct that a place's last field belongs to, as far as types tell. */
import { type CType, unknownType } from '../../execution/ctype.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place } from '../../execution/value.ts';
import { unknownStruct } from './provenance.ts';

export interface Holder {
  readonly type: CType;
  /** Its tag; `unknownStruct` for one inside a struct of the kernel; `undefined` where nothing is known. */
  readonly tag: string | undefined;
}

/** The holder of the last field on the way to `place`; nothing for a place that is no field. */
export function holderOf(place: Place, types: TypeTable): Holder | undefined {
  let type: CType = place.object.type;
  let holder: Holder | undefined;
  for (const step of place.path) {
    if (step.kind === 'element') {
      if (type.kind === 'array') type = type.of;
      continue;
    }
    const inner = place.object.type.kind === 'struct' ? unknownStruct : undefined;
    holder = { type, tag: type.kind === 'struct' ? type.name : inner };
    type = types.field(type, step.name)?.type ?? unknownType;
  }
  return holder;
}
