import { createSpotlight } from '@mantine/spotlight';

const [store, { open }] = createSpotlight();

/** Opens the palette from anywhere. */
export const palette = { store, open };
