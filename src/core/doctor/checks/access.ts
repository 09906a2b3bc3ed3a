import {judgeUnseen, seeingOf} from '../looks.ts';
import {block, check, notKnown, pass, unknown, warn, whenKnown} from '../types.ts';
import {counted} from '../words.ts';

/** What this user may do. */
export const accessChecks = [
	check('permissions', 'You may make every call of the plan and its way back', ({facts}) =>
		whenKnown(facts.permissions, permissions => {
			const missing = permissions.filter(permission => !permission.allowed);
			if (permissions.length === 0) return unknown('Not known: no permission was asked about.');
			return missing.length === 0
				? pass(`All ${permissions.length} were asked about and are allowed.`)
				: block(
						`${counted(missing.length, 'permission')} of ${permissions.length} ${missing.length === 1 ? 'is' : 'are'} missing: ${missing.map(({verb, resource}) => `${verb} ${resource}`).join(', ')}.`,
						"Ask the cluster's administrator for exactly these.",
					);
		}),
	),
	check('exec-allowed', "Commands can be run in calico-node's pods", input => {
		const {exec} = input.facts;
		if (exec.known) {
			return exec.value
				? pass("pods/exec is allowed: BIRD and the kernel's routes can be seen on every node.")
				: warn(
						"pods/exec is refused: sessions can be seen through CalicoNodeStatus, but the kernel's routes cannot be seen and not held.",
						"Ask for the right to create pods/exec in calico-node's namespace, or give --node-shell.",
					);
		}
		const seeing = seeingOf(input);
		return judgeUnseen(seeing) === undefined
			? pass(`BIRD answered on ${counted(seeing.seen.length, 'node')}.`)
			: notKnown(exec.reason);
	}),
];
