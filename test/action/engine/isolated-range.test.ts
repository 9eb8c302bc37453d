import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { freeRange, partsOf } from '../../../action/engine/isolated-range.ts';

const ALL_OF_10 = '10.0.0.0/8 via 10.1.0.1 dev tun0';
const ALL_PRIVATE = [ALL_OF_10, '172.16.0.0/12 dev tun0', '192.168.0.0/16 dev tun0'];

const first = '10.213.0.0/16';
const cases: readonly (readonly [beside: string, texts: readonly string[], range: string | undefined])[] = [
  ['nothing', [], first],
  ['a default route, which takes nothing', ['default via 10.1.0.1 dev eth0', '0.0.0.0/0'], first],
  ['the halves that a VPN lays over it', ['0.0.0.0/1 dev tun0\n128.0.0.0/1 dev tun0'], first],
  ['routes to its neighbours', ['10.212.0.0/16 dev eth0', '10.214.0.0/16 dev eth1'], first],
  ['a route to one host of the first', ['10.213.255.255 dev eth0 scope link'], '10.214.0.0/16'],
  ['parts of the first two', ['broadcast 10.213.7.255 dev x', '10.214.128.0/17 dev y'], '10.215.0.0/16'],
  ['an address of a wide network', ['inet 10.208.0.9/13 brd 10.215.255.255 scope global'], '10.216.0.0/16'],
  ['a name server', ['nameserver 10.213.0.53'], '10.214.0.0/16'],
  ['a pool of daemon.json', ['{"default-address-pools": [{"base": "10.213.0.0/14", "size": 24}]}'], '10.216.0.0/16'],
  ['a route to all of 10', [ALL_OF_10], '172.16.0.0/16'],
  ['that and networks of Docker', [ALL_OF_10, '172.16.0.0/15', '172.17.0.0/16 dev docker0'], '172.18.0.0/16'],
  ['routes to all that is private', ALL_PRIVATE, '198.18.0.0/16'],
  ['routes to all that there is', [...ALL_PRIVATE, '198.18.0.0/15'], undefined],
  ['what is no address', ['10.213.0.999 version 10.213.0.0.1 10.213.0.0/33 1.10.213.0.0'], first],
];

suite('a range for the containers of a second Docker', () => {
  for (const [beside, texts, range] of cases)
    test(`is ${range ?? 'none'} beside ${beside}`, () => assert.equal(freeRange(texts), range));

  test('has parts that do not meet: the bridge, and networks that are made later', () => {
    assert.deepEqual(partsOf('10.213.0.0/16'), {
      gateway: '10.213.0.1/20',
      pool: '10.213.128.0/17',
      poolSize: 24,
    });
  });

  test('that is none has no parts', () => {
    for (const text of ['', '10.213.0.0/17', '10.213.1.0/16', '10.213.0.0/16\n; x'])
      assert.throws(() => partsOf(text), /no range of isolated containers/);
  });
});
