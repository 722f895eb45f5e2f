/** Style sheets that a script brings along; the bundler puts them into a file. */
declare module "*.css";
