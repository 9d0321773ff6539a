/** Entry of the simulation page. */
export {};
