import {adviseChoice} from '../advice.ts';
import {probeScope} from '../probe/scope.ts';
import {currentReflectors, reflectorsWith} from '../reflectors.ts';
import {findResource, type Snapshot} from '../snapshot.ts';
import type {Write} from '../write.ts';
import {canaryStep} from './canary-step.ts';
import {checkChoice, clusterIdFor} from './check-choice.ts';
import {withHold} from './hold-steps.ts';
import {areDone} from './merge-writes.ts';
import {baselineStep, bgpPeerSteps, meshOffStep, reflectorStep} from './steps.ts';
import {storedRun, withStoredRun} from './stored-run.ts';
import type {Choice, Plan, Step} from './types.ts';

/** The tutorial's choices, for everything the user did not choose. */
export const defaultChoice: Omit<Choice, 'reflectors'> = {
	order: 'safe',
	clusterId: {mode: 'shared', id: '224.0.0.1'},
	label: 'calico-route-reflector',
};

/**
 * Makes the plan that turns the chosen nodes into route reflectors and the mesh off.
 * A cluster that is so already gives a plan without steps.
 * @param earlier writes of runs that this one goes on with: the note that the cluster keeps tells of them too.
 * @throws UserError (exit code 2) for an unknown node, a node twice, a node without BGP address, a bad cluster ID,
 * a BGPPeer of a needed name that says something else, a node that is half a reflector.
 */
export function makePlan(snapshot: Snapshot, choice: Choice, earlier: readonly Write[] = []): Plan {
	const chosen = checkChoice(snapshot, choice);
	const reflectors = reflectorsWith(snapshot, choice);
	const context = {snapshot, choice, reflectors};
	const peers = bgpPeerSteps(context);
	const marks = chosen.map(node => reflectorStep(context, node, clusterIdFor(node, choice)));
	const off = meshOffStep(context);
	const canary = canaryStep(context);
	const last = [...(off ? [canary] : []), off];
	const ordered = choice.order === 'safe' ? [...peers, ...marks, ...last] : [...marks, ...peers, ...last];
	const steps = ordered.filter(
		(step): step is Step => step !== undefined && (step.writes.length > 0 || step === canary),
	);
	const writes = steps.flatMap(step => step.writes);
	const plan: Plan = {
		direction: 'forward',
		choice,
		original: snapshot,
		steps:
			steps.length === 0
				? []
				: withHold([baselineStep(context), ...steps], {
						snapshot,
						converting: choice.reflectors,
						holding: choice.holding ?? {state: 'off'},
						direction: 'forward',
					}),
		warnings: warningsFor(snapshot, choice),
		...(choice.probe && steps.length > 0 && {probe: probeScope(snapshot, writes)}),
	};
	return choice.stamp ? withStoredRun(plan, choice.stamp, choice, earlier) : plan;
}

function warningsFor(snapshot: Snapshot, choice: Choice): readonly string[] {
	const others = currentReflectors(snapshot).filter(name => !choice.reflectors.includes(name));
	const unfinished = storedRun(snapshot);
	const password = findResource(snapshot, 'BGPConfiguration', 'default')?.spec.nodeMeshPassword;
	return [
		...(unfinished && unfinished.id !== choice.stamp?.id && !areDone(unfinished.writes, snapshot)
			? [
					`A run that ${unfinished.by} began at ${unfinished.at} is not finished on this cluster: resume goes on with it, rollback takes it back.`,
				]
			: []),
		...adviseChoice(snapshot, choice.reflectors).flatMap(advice => (advice.level === 'warn' ? [advice.text] : [])),
		...(choice.order === 'tutorial'
			? [
					"The tutorial's order cuts each new reflector off until the BGPPeers are there: measured on real Calico, pairs of nodes were without a route for up to 23 s (27 s on twenty nodes). Use it to learn, not on a cluster that earns money.",
				]
			: []),
		...(choice.holding?.state === 'impossible'
			? [
					`Routes cannot be held (${choice.holding.reason}), so while a node converts, its pods and those of all other nodes cannot reach each other for about 2 s (measured: nine in ten below 6 s, 20 s the longest).`,
				]
			: []),
		...(others.length > 0 ? [`Already route reflectors, and staying so: ${others.join(', ')}.`] : []),
		...(password
			? [
					`The mesh has a password (secret ${password.secretKeyRef.name}): Calico forbids it once the mesh is off, so the new BGPPeers carry it on and the way back puts it back.`,
				]
			: []),
	];
}
