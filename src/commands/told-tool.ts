import {UserError} from '../core/user-error.ts';
import type {Options} from './table.ts';

/** Flags that only one tool understands. */
const ownFlags = {
	calicoctl: ['calicoctl', 'calicoctl-config', 'allow-version-mismatch'],
	kubectl: ['kubeconfig', 'live', 'practice-api'],
} as const;

/**
 * The tool that `--via` names, or that a flag belongs to.
 * @throws UserError (exit code 2) where flags of both tools are given.
 */
export function toldTool(options: Options): 'kubectl' | 'calicoctl' | undefined {
	const given = (tool: keyof typeof ownFlags) => ownFlags[tool].find(name => options[name] !== undefined);
	const {via = given('calicoctl') ? 'calicoctl' : given('kubectl') ? 'kubectl' : undefined} = options;
	if (via === undefined) return undefined;
	const foreign = given(via === 'kubectl' ? 'calicoctl' : 'kubectl');
	if (foreign === undefined) return via;
	throw new UserError(`--${foreign} is not for ${via}.`, {
		next: [foreign === 'kubeconfig' ? 'Set KUBECONFIG, which calicoctl reads.' : `Leave --${foreign} away.`],
	});
}
