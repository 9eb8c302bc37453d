import type { OpenVariants } from './plan.ts';
export const openVariants: OpenVariants = () => undefined;
