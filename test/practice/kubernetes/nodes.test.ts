import {describe, expect, test} from 'vitest';
import {apiShapes, startKubectlPractice} from '../../support/practice-kubectl.ts';

type NodeObject = {
	readonly metadata: {
		readonly resourceVersion: string;
		readonly labels: Readonly<Record<string, string>>;
		readonly annotations: Readonly<Record<string, string>>;
	};
};
const name = 'ip-172-31-45-29';

describe.each(apiShapes)('Nodes on Kubernetes, %s', shape => {
	test('kubelets change the resourceVersion, and nothing that Calico sees', async () => {
		const {json, kubectl, clock, cluster} = startKubectlPractice(shape);
		const before = (await json(`get node ${name}`)) as NodeObject;
		let heard = 0;
		cluster.datastore.onChange(() => {
			heard += 1;
		});
		await clock.advance(6 * 60_000);
		const after = (await json(`get node ${name}`)) as NodeObject;
		expect(Number(after.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion));
		expect(heard).toBe(0);
		const patch = JSON.stringify({metadata: {resourceVersion: before.metadata.resourceVersion, labels: {a: 'b'}}});
		const {stderr} = await kubectl(['patch', 'node', name, '--type=merge', '-p', patch]);
		expect(stderr).toBe(
			`Error from server (Conflict): Operation cannot be fulfilled on nodes "${name}": the object has been modified; please apply your changes to the latest version and try again\n`,
		);
	});

	test('label and cluster ID in one patch, and away again', async () => {
		const {json, kubectl, cluster} = startKubectlPractice(shape);
		const patch = (label: string | null, id: string | null): Promise<unknown> => {
			const metadata = {labels: {rr: label}, annotations: {'projectcalico.org/RouteReflectorClusterID': id}};
			return kubectl(['patch', 'node', name, '--type=merge', '-p', JSON.stringify({metadata})]);
		};
		const before = (await json(`get node ${name}`)) as NodeObject;
		await patch('', '224.0.0.1');
		const calico = cluster.datastore.get('Node', name);
		expect(calico?.metadata.labels).toHaveProperty('rr', '');
		expect(calico?.spec.bgp).toMatchObject({routeReflectorClusterID: '224.0.0.1'});
		await patch(null, null);
		const after = (await json(`get node ${name}`)) as NodeObject;
		expect(after.metadata.labels).toEqual(before.metadata.labels);
		expect(after.metadata.annotations).toEqual(before.metadata.annotations);
	});

	test('a cluster ID that is no IPv4 address is ignored', async () => {
		const {kubectl, cluster} = startKubectlPractice(shape);
		await kubectl(`annotate node ${name} projectcalico.org/RouteReflectorClusterID=nonsense`);
		expect(cluster.datastore.get('Node', name)?.spec.bgp).not.toHaveProperty('routeReflectorClusterID');
	});

	test('Kubernetes’ labels win over Calico’s own, which a write then loses', async () => {
		const {json, kubectl, calicoctl, cluster} = startKubectlPractice(shape);
		await calicoctl(`label nodes ${name} team=calico`);
		await kubectl(`label node ${name} team=kubernetes`);
		expect(cluster.datastore.get('Node', name)?.metadata.labels).toHaveProperty('team', 'kubernetes');
		await calicoctl(`label nodes ${name} other=label`);
		const {metadata} = (await json(`get node ${name}`)) as NodeObject;
		expect(metadata.annotations['projectcalico.org/labels']).toBe('{"other":"label"}');
	});

	test('calicoctl cannot make or take a Node', async () => {
		const {calicoctl} = startKubectlPractice(shape);
		const {stderr, exitCode} = await calicoctl(`delete node ${name}`);
		expect(stderr).toBe(`Failed to delete 'Node' resource: operation Delete is not supported on Node(${name})\n\n`);
		expect(exitCode).toBe(1);
	});
});
