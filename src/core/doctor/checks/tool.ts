import {block, check, pass, unknown, warn, whenKnown} from '../types.ts';
import {comparable} from '../version.ts';
import {counted} from '../words.ts';

/** Whether the cluster answers, and which tool asks it. */
export const toolChecks = [
	check('reachable', 'The cluster answers', ({snapshot, facts: {tool}}) => {
		const nodes = counted(snapshot.nodes.length, 'node');
		if (snapshot.nodes.length === 0) {
			return block(
				'The tool answers, but its datastore holds no node.',
				'Look whether the tool reads the datastore that calico-node uses (etcd or Kubernetes).',
			);
		}
		return tool.known
			? pass(`${tool.value.name} ${tool.value.version} answers: ${nodes}.`)
			: unknown(`${nodes} were read, but the tool's version is not known: ${tool.reason.replace(/\.?$/, '.')}`);
	}),
	check('version-mismatch', "The tool fits the cluster's Calico", ({facts, allowVersionMismatch}) =>
		whenKnown(facts.tool, ({name, version}) => {
			// kubectl knows nothing of Calico; calicoctl refuses a cluster of another version since v3.20.
			if (name !== 'calicoctl') return pass(`${name} works with every version of Calico.`);
			return whenKnown(facts.calicoVersion, cluster => {
				if (comparable(version) === comparable(cluster)) return pass(`calicoctl and the cluster are both ${cluster}.`);
				const reason = `calicoctl is ${version}, the cluster ${cluster}.`;
				return allowVersionMismatch
					? warn(`${reason} You said that this may be.`)
					: block(
							reason,
							`Use a calicoctl of ${cluster}, or --via kubectl.`,
							'Or say that it may be: --allow-version-mismatch',
						);
			});
		}),
	),
];
