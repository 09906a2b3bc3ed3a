import {equalJson} from './json.ts';
import type {WrittenResource} from './resources.ts';
import type {Write} from './write.ts';

/**
 * A write as it is kept and shown: of annotations only those that it changes. Anybody may have put anything into the
 * others, and kubectl keeps a whole copy of what was applied in one of them
 * (kubectl.kubernetes.io/last-applied-configuration); a way back needs none of it.
 */
export function slimWrite(write: Write): Write {
	switch (write.verb) {
		case 'create':
			return write;
		case 'delete':
			return {...write, before: keeping(write.before, () => false)};
		case 'patch': {
			const [before, after] = [write.before.metadata.annotations ?? {}, write.after.metadata.annotations ?? {}];
			const differs = (key: string) => !equalJson(before[key], after[key]);
			return {...write, before: keeping(write.before, differs), after: keeping(write.after, differs)};
		}
	}
}

function keeping<R extends WrittenResource>(resource: R, isKept: (key: string) => boolean): R {
	const {annotations, ...metadata} = resource.metadata;
	if (!annotations) return resource;
	const kept = Object.entries(annotations).filter(([key]) => isKept(key));
	return {...resource, metadata: {...metadata, ...(kept.length > 0 && {annotations: Object.fromEntries(kept)})}};
}
