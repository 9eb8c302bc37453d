// Which images a Dockerfile names, for notices at their lines.
import { imagesOf } from '../../src/dockerfile/images.ts';
import { hostPlatform } from '../../src/oci/platform.ts';
import type { NamedImage } from './model.ts';

/**
 * Names of images with the line that the instruction begins in. What was built is not known here, so every stage counts.
 * Stages, `scratch` and names that can't be resolved are left out.
 */
export function dockerfileImages(text: string): NamedImage[] {
  const { uses } = imagesOf(text, { platform: hostPlatform(), everyStage: true });
  return uses.map(({ reference, line }) => ({ image: reference, line }));
}
