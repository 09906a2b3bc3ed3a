import {tutorialNodes} from '../prepare.ts';
import type {Lab} from '../types.ts';

const {n30: watched, n47: dead} = tutorialNodes;
const leftover = 'before-the-change';

function nodeStatus(name: string, updatePeriodSeconds: number): string {
	return `apiVersion: crd.projectcalico.org/v1
kind: CalicoNodeStatus
metadata:
  name: ${name}
spec:
  node: ${watched}
  classes: [BGP]
  updatePeriodSeconds: ${updatePeriodSeconds}`;
}

/** Words for the node whose BIRD is dead: its name, its address, or the end of either. */
function meansDeadNode(answer: string): boolean {
	return /(?:^|[.-])42[.-]47$|^47$/.test(answer.trim().replace(/\.$/, ''));
}

/** A CalicoNodeStatus is a report and no window: with a period of 0 it is written once (node/pkg/status/reporter.go). */
export const lab: Lab = {
	name: 'stale-node-status',
	order: 17,
	title: 'A status that tells of last week',
	goal: 'Tell how old a CalicoNodeStatus is, see the present state of a node’s sessions, and leave nothing behind.',
	minutes: 7,
	cluster: {datastore: 'kubernetes-v1'},
	start: async control => {
		await control.kubectl(['create', '-f', '-'], nodeStatus(leftover, 0));
		// Calico's components act when somebody asks (kubernetes/node-status.ts): this is the look that they report to.
		await control.wait(5);
		await control.kubectl(['get', 'caliconodestatuses']);
		await control.wait(7 * 86_400);
		await control.killBird(dead);
		// Until the neighbours have waited 120 s for it to come back.
		await control.wait(600);
	},
	text: [
		`This cluster keeps Calico in Kubernetes, and the mesh is on. Before a change last week somebody looked at the sessions of ${watched} with a CalicoNodeStatus, and it is still there. It says that everything is Established. A customer says otherwise.`,
		`kubectl get caliconodestatuses -o yaml shows it (calicoctl of this release does not know the kind). Find out how many sessions of ${watched} are Established now, and which one is not: with a CalicoNodeStatus of your own, or on the node (ssh ${watched}, sudo calicoctl node status).`,
		'In the end no CalicoNodeStatus is left: each one makes its node look and write, again and again, for as long as it exists. The sessions themselves are not yours to mend today.',
	],
	predict: {
		question: `The object says updatePeriodSeconds: 0. What is what it shows worth?`,
		options: [
			'It is the present: 0 means that every change is written at once.',
			'It is the state at lastUpdated: with 0 the node reports once, and never again.',
			'Nothing: lastUpdated is a week old, so the reporter on the node is dead.',
		],
		right: 1,
		// calico.md §7: 0 is a one-shot report; and a report that would say the same is not written again.
		why: 'A period of 0 is one report when the object is made. An old lastUpdated alone says little: also with a period the object is not written while nothing changes.',
	},
	questions: [
		{id: 'established', text: `How many sessions of ${watched} are Established now?`},
		{id: 'missing', text: `Which node’s session with ${watched} is not?`},
	],
	checks: [
		{
			text: `You know how many sessions of ${watched} are Established.`,
			judge: look => {
				const up = look.sessions(watched).filter(({state}) => state === 'up').length;
				const answer = look.answer('established').trim().toLowerCase();
				return answer === String(up) || answer === ['none', 'one', 'two', 'three', 'four'][up]
					? null
					: 'The answer is missing, or it is not the present number.';
			},
		},
		{
			text: 'You know which session is not.',
			judge: look => (meansDeadNode(look.answer('missing')) ? null : 'The answer is missing, or it is another node.'),
		},
		{
			text: 'No CalicoNodeStatus is left.',
			judge: ({nodeStatuses}) =>
				nodeStatuses.length === 0 ? null : `Still there: ${nodeStatuses.map(({name}) => name).join(', ')}.`,
		},
	],
	wrongWays: [
		{
			id: 'believed',
			recognise: look => /^(?:4|four)$/i.test(look.answer('established').trim()),
			text: 'Four is what the old object says. It was true when it was written. Whoever goes on with a change because of such a number, goes on with a node that has lost a neighbour: look at lastUpdated and at the period before you look at anything else.',
			script: `kubectl get caliconodestatuses ${leftover} -o yaml
lab answer established 4`,
		},
		{
			id: 'edited',
			recognise: ({nodeStatuses}) =>
				nodeStatuses.some(({name, spec}) => name === leftover && spec.updatePeriodSeconds !== 0),
			text: 'You gave the old object a period. The reporter hears of an edit by the generation of the object, and where Calico keeps its resources in v1 custom resources that number does not grow: nothing happens, and the object now looks as if it were kept up to date. Delete it and make a new one.',
			script: `kubectl patch caliconodestatuses ${leftover} --type=merge -p '{"spec":{"updatePeriodSeconds":10}}'
lab time +30`,
		},
		{
			id: 'left-behind',
			recognise: ({nodeStatuses}) => nodeStatuses.some(({name}) => name !== leftover),
			text: 'Your own CalicoNodeStatus is still there. With a period its node goes on asking BIRD and writing to the API server; with a period of 0 it is the next stale one that somebody believes. Delete it once you have read it.',
			script: `kubectl create -f - <<EOF
${nodeStatus('now', 10)}
EOF
lab time +15
kubectl get caliconodestatuses now -o yaml`,
		},
	],
	hints: [
		'When was it written, and when would it be written again? lastUpdated and updatePeriodSeconds say so.',
		'kubectl create -f - with another name and a period of 10, read its status some seconds later, then kubectl delete both. Or ask BIRD on the node.',
		`kubectl create -f - <<EOF
${nodeStatus('now', 10)}
EOF
lab time +15
kubectl get caliconodestatuses now -o yaml
kubectl delete caliconodestatuses ${leftover} now
lab answer established 3
lab answer missing ${dead}`,
	],
	explanation: [
		`BIRD on ${dead} is dead since ten minutes. Its neighbours kept its routes for the restart time of 120 seconds and then let go; the object of last week cannot know. calico-rr-wizard makes CalicoNodeStatus objects of its own where it may not run commands on nodes, with a short period, and deletes them when it is done.`,
		'Three traps besides: a node name with a typing error gives an object whose status stays empty; a session that waits passively has no state at all in it; and where bird6 cannot be asked, the IPv4 numbers are 0 as well.',
	],
};
