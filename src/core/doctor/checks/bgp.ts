import {block, check, type DoctorInput, notKnown, pass, unknown, whenKnown} from '../types.ts';
import {isAtLeast, parseRelease} from '../version.ts';
import {some} from '../words.ts';

/** Whether Calico speaks BGP here, and in a version for which the safe order is safe. */
export const bgpChecks = [
	check('bgp-backend', "calico-node's backend is bird", input => {
		const {backend} = input.facts;
		if (!backend.known) return judgeBySight(input, backend.reason);
		return backend.value === 'bird'
			? pass('CALICO_NETWORKING_BACKEND is bird.')
			: block(
					`CALICO_NETWORKING_BACKEND is ${backend.value}: BIRD does not run, there are no BGP sessions to migrate.`,
					'Nothing is to do: without BGP there is neither mesh nor reflector.',
				);
	}),
	check('bgp-enabled', 'BGP is enabled', input => {
		const {installationBgp, backend} = input.facts;
		if (!installationBgp.known) {
			// The operator sets another backend wherever BGP is Disabled.
			if (backend.known && backend.value === 'bird') return pass('calico-node runs with the backend bird.');
			return judgeBySight(input, installationBgp.reason);
		}
		switch (installationBgp.value) {
			case 'Enabled':
				return pass("The operator's Installation has BGP Enabled.");
			case null:
				return pass("There is no operator: calico-node's backend alone decides.");
			case 'Disabled':
				return block(
					"The operator's Installation has BGP Disabled.",
					'Nothing is to do: without BGP there is neither mesh nor reflector.',
				);
		}
	}),
	check('calico-version', 'Calico is 3.21 or newer', ({facts}) =>
		whenKnown(facts.calicoVersion, version => {
			const release = parseRelease(version);
			if (!release) return unknown(`"${version}" is no version of Calico that can be compared.`);
			return isAtLeast(release, [3, 21])
				? pass(`Calico is ${version}.`)
				: block(
						// confd PR #311 (v3.13) to #619 (v3.21), calico #3819.
						`Calico is ${version}. Before v3.21 a reflector stays in the IPv4 mesh, so its new sessions wait until the mesh goes off, and then every node loses its routes at once for about 2 s: no order of writes is safe.`,
						'Upgrade Calico to v3.21 or newer first.',
					);
		}),
	),
];

/** Where nothing says it, sessions in a node's BIRD do. */
function judgeBySight({observations}: DoctorInput, reason: string) {
	const speaking = [...observations.values()].flatMap(({node, sessions}) =>
		sessions.known && sessions.value.length > 0 ? [node] : [],
	);
	return speaking.length > 0 ? pass(`BIRD runs and has BGP sessions on ${some(speaking)}.`) : notKnown(reason);
}
