import {stringify} from 'yaml';
import {resourceYaml} from '../diff.ts';
import type {JsonObject} from '../json.ts';
import {slimWrite} from '../slim-write.ts';
import {beforeOf, fieldChanges, patchBody, type Write} from '../write.ts';
import type {Plan} from './types.ts';

/** A file of a saved plan. */
export type PlanFile = {readonly name: string; readonly content: string};

/**
 * The plan as files for review and version control: one file for each write in its order, the patches as patch
 * bodies, and what stood there before beside them.
 */
export function planFiles(plan: Plan): readonly PlanFile[] {
	const writes = plan.steps.flatMap(step => step.writes).map(slimWrite);
	const width = String(writes.length).length;
	return writes.flatMap((write, index) => {
		const prefix = `${String(index + 1).padStart(Math.max(2, width), '0')}-${write.verb}-${write.kind.toLowerCase()}-${write.name}`;
		const before = beforeOf(write);
		return [
			{name: `${prefix}.yaml`, content: contentOf(write)},
			...(before
				? [{name: `before/${write.kind.toLowerCase()}-${write.name}.yaml`, content: resourceYaml(before)}]
				: []),
		];
	});
}

function contentOf(write: Write): string {
	switch (write.verb) {
		case 'create':
			return resourceYaml(write.after);
		case 'delete':
			return resourceYaml(write.before);
		case 'patch': {
			const body: JsonObject = patchBody(fieldChanges(write.before, write.after));
			return `# calicoctl patch ${write.kind.toLowerCase()} ${write.name} -p '${JSON.stringify(body)}'\n${stringify(body)}`;
		}
	}
}
