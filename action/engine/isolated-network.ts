// The network of a second Docker beside one that manages rules for packets. Two that do flush each other's chains, and the
// ports of `services:` would break; so ours makes none (iptables=false), and what its containers need is made here, once: a
// bridge and a range of addresses for this and all later networks, a way out behind the machine's address, and a place in
// front of the rules of the machine's Docker, which drop what they do not know. Published ports are docker-proxy's.
// Containers may reach everything, and everything may answer them; nobody reaches what they have not published. Unlike
// Docker's own, these rules do not keep its networks apart from each other.
// https://docs.docker.com/engine/network/packet-filtering-firewalls/
import { UserError } from '../../src/errors.ts';
import { DOCKER_DAEMON_JSON } from '../docker-settings.ts';
import type { Host } from '../host.ts';
import type { Journal, UndoStep } from '../journal.ts';
import { BRIDGE, IsolatedPlace } from './isolated-place.ts';
import { freeRange, partsOf } from './isolated-range.ts';

const FORWARD = '/proc/sys/net/ipv4/ip_forward';

/** Our chain in the tables filter and nat. */
const CHAIN = 'LAZYPULL';
/** Packets from networks whose addresses are not of the range: the interface that they came by is forgotten behind routing. */
const MARK = '0x1000000/0x1000000';

/**
 * A network with a subnet of its own is known by its name, `br-` and an id; what has such a name already is somebody else's.
 * DOCKER-USER is the chain that Docker leaves to the user and asks before its own. What is there already is used.
 */
const SET_UP = `# Makes the network of the second Docker.
set -e
bridge=$1 gateway=$2 range=$3 chain=$4 mark=$5
others=$(cd /sys/class/net && ls -d br-* 2>/dev/null || true)
if [ ! -e "/sys/class/net/$bridge" ]; then ip link add name "$bridge" type bridge; fi
ip address replace "$gateway" dev "$bridge"
ip link set "$bridge" up
rule() {
  iptables --wait --table "$table" --append "$chain" "$@"
}
answers() {
  rule "$@" --match conntrack --ctstate RELATED,ESTABLISHED --jump ACCEPT
}
rules_of_filter() {
  rule --source "$range" --jump ACCEPT
  answers --destination "$range"
  for other in $others; do rule --in-interface "$other" --jump RETURN; done
  rule --in-interface br-+ ! --out-interface br-+ --jump MARK --set-xmark "$mark"
  rule --in-interface br-+ --jump ACCEPT
  answers --out-interface br-+
}
rules_of_nat() {
  rule --source "$range" ! --destination "$range" --jump MASQUERADE
  rule --match mark --mark "$mark" --jump MASQUERADE
}
first=FORWARD
case $(iptables --wait --list-rules FORWARD) in *"-j DOCKER-USER"*) first=DOCKER-USER ;; esac
while read -r table from; do
  if iptables --wait --table "$table" --new-chain "$chain" 2>/dev/null; then "rules_of_$table"; fi
  if iptables --wait --table "$table" --check "$from" --jump "$chain" 2>/dev/null; then continue; fi
  iptables --wait --table "$table" --insert "$from" --jump "$chain"
done <<END
nat POSTROUTING
filter $first
END`;

/**
 * Also bridges of networks that nobody has removed, since Docker was killed: those that its database names. Nothing else
 * that has such a name or address is touched.
 */
const TAKE_DOWN = `# Removes the network of the second Docker.
bridge=$1 chain=$2 database=$3
status=0
while read -r table from; do
  if ! iptables --wait --table "$table" --list-rules "$chain" >/dev/null 2>&1; then continue; fi
  while iptables --wait --table "$table" --delete "$from" --jump "$chain" 2>/dev/null; do :; done
  iptables --wait --table "$table" --flush "$chain" || status=1
done <<END
filter DOCKER-USER
filter FORWARD
nat POSTROUTING
END
for table in filter nat; do
  if iptables --wait --table "$table" --list-rules "$chain" >/dev/null 2>&1; then
    iptables --wait --table "$table" --delete-chain "$chain" || status=1
  fi
done
for path in /sys/class/net/*/bridge; do
  device=\${path%/bridge}
  device=\${device##*/}
  if [ "$device" = "$bridge" ] || grep -qaF '"BridgeName":"'"$device"'"' "$database" 2>/dev/null; then
    ip link delete "$device" || status=1
  fi
done
exit $status`;

const takeDown: Extract<UndoStep, { kind: 'command' }> = {
  kind: 'command',
  command: ['sh', '-c', TAKE_DOWN, 'sh', BRIDGE, CHAIN, IsolatedPlace.NETWORKS],
  root: true,
};

/**
 * A range for containers that is nobody's on this machine. Also asked: name servers, which a default route may lead to, and
 * the networks that the machine's Docker is told to make.
 * @throws UserError when every private range is taken.
 */
export async function chooseRange(host: Host): Promise<string> {
  const known = await Promise.all([
    host.run(['ip', '-4', 'route', 'show', 'table', 'all']),
    host.run(['ip', '-4', '-oneline', 'address', 'show']),
    ...['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf', '/etc/hosts', DOCKER_DAEMON_JSON].map((path) =>
      host.read(path),
    ),
  ]);
  const range = freeRange(known.map((text) => text ?? ''));
  if (range !== undefined) return range;
  throw new UserError(
    'a second Docker needs a private range of IPv4 addresses, and routes of this machine take all of them',
    'Remove routes that are wider than they need to be, or set Docker up before containers run: without `services:`.',
  );
}

/** Makes the bridge and the rules. @throws LazypullError with what `ip` or `iptables` says. */
export async function setUpNetwork(host: Host, journal: Journal, range: string): Promise<void> {
  await forward(host, journal);
  journal.note(takeDown);
  await host.write(IsolatedPlace.RANGE, range);
  const words = [BRIDGE, partsOf(range).gateway, range, CHAIN, MARK];
  await host.run(['sh', '-c', SET_UP, 'sh', ...words], { root: true });
}

/** Takes a network away as the journal does it: that of a dead job. */
export async function removeNetwork(host: Host): Promise<void> {
  await host.run(takeDown.command, { root: true });
}

/** Docker turns it on, too, and never off again. */
async function forward(host: Host, journal: Journal): Promise<void> {
  const before = (await host.read(FORWARD))?.trim();
  if (before === '1') return;
  const set = (value: string): string[] => ['sh', '-c', 'echo "$1" > "$2"', 'sh', value, FORWARD];
  journal.note({ kind: 'command', command: set(before ?? '0'), root: true });
  await host.run(set('1'), { root: true });
}
