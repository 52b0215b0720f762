/** A module by its other address: a browser that waits for the first one for ever asks anew. */
declare module "*.js?again";
