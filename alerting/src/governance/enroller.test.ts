import { describe } from 'vitest';
import { enrollerContract } from '../testing/enroller-contract.ts';
import { FakeEnroller } from '../testing/fake-enroller.ts';

const jpeg = (letter: string) => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from(letter)]);

describe('the enroller of the tests', () => {
  enrollerContract(async () => ({
    enroller: new FakeEnroller(),
    photos: { people: [jpeg('a'), jpeg('b')], unusable: Buffer.from('no picture') },
  }));
});
