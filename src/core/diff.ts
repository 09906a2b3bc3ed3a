import {structuredPatch} from 'diff';
import {Document, visit} from 'yaml';
import type {Plan} from './plan/types.ts';
import type {WrittenResource} from './resources.ts';
import {slimWrite} from './slim-write.ts';
import {afterOf, beforeOf, type Write} from './write.ts';

/** One line of a YAML diff; `gap` stands for unchanged lines left out. */
export type DiffLine = {readonly kind: 'same' | 'added' | 'removed' | 'gap'; readonly text: string};

/** What the server keeps for itself: shown nowhere, since nobody wrote it. */
const serverFields = ['resourceVersion', 'uid', 'creationTimestamp', 'generation', 'managedFields'] as const;

/** A resource as `calicoctl get -o yaml --export` would show it: sorted keys, without the server's own fields. */
export function resourceYaml(resource: WrittenResource): string {
	const metadata = {...resource.metadata};
	for (const field of serverFields) delete (metadata as Record<string, unknown>)[field];
	const document = new Document({...resource, metadata}, {sortMapEntries: true});
	// calicoctl writes an empty string as "", and so does the tutorial.
	visit(document, {Scalar: (_, node) => void (node.value === '' && Object.assign(node, {type: 'QUOTE_DOUBLE'}))});
	return document.toString({lineWidth: 0});
}

/** The change a write makes, as lines of a unified diff of the YAML, with `context` unchanged lines around it. */
export function writeDiff(write: Write, context = 3): readonly DiffLine[] {
	const slim = slimWrite(write);
	const [before, after] = [beforeOf(slim), afterOf(slim)].map(resource => (resource ? resourceYaml(resource) : ''));
	const {hunks} = structuredPatch('', '', before ?? '', after ?? '', '', '', {context});
	return hunks.flatMap((hunk, index) => [
		...(hunk.oldStart > 1 || index > 0 ? [{kind: 'gap' as const, text: '…'}] : []),
		...hunk.lines.filter(line => !line.startsWith('\\')).map(toDiffLine),
	]);
}

function toDiffLine(line: string): DiffLine {
	const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
	return {kind, text: line.slice(1)};
}

/** How many resources a plan creates, changes and deletes, each resource counted once. */
export function countWrites(plan: Plan): {readonly create: number; readonly patch: number; readonly delete: number} {
	const counts = {create: 0, patch: 0, delete: 0};
	for (const write of plan.steps.flatMap(step => step.writes)) counts[write.verb]++;
	return counts;
}
