/** Files, versions, shells, browsers, databases on this machine. The columns are explained in `table.ts`. */
export const LOCAL = `
filesystem | read_text_file | Read the complete contents of a file from the file system as text. Handles various text encodings. | path head tail | Read | Low | path
filesystem | read_media_file | Read an image or audio file. Returns the base64 encoded data and MIME type. | path | Read | Low | path
filesystem | read_multiple_files | Read the contents of multiple files simultaneously. | paths[] | Read | Low | path
filesystem | write_file | Create a new file or completely overwrite an existing file with new content. Use with caution as it will overwrite existing files without warning. | path content | Write/Destructive | Medium | path
filesystem | edit_file | Make line-based edits to a text file. Each edit replaces exact line sequences with new content. | path edits[] dryRun | Write | Medium | path
filesystem | list_directory_with_sizes | Get a detailed listing of all files and directories in a specified path, including sizes. | path sortBy | Read | Low | path
filesystem | move_file | Move or rename files and directories. If the destination exists, the operation will fail. | source destination | Write | Medium | path
filesystem | list_allowed_directories | Returns the list of directories that this server is allowed to access. | | Read | Low |
filesystem | create_symlink | Create a symbolic link. | target linkPath | Write | Medium |
filesystem | delete_directory | Recursively delete a directory and everything in it. | path recursive | Destructive | Critical | path
filesystem | read_write_file | Open a file for reading and writing. | path mode | Write | Medium | path
filesystem | file_ops | File operations. | action=read,write,delete path | Destructive | Critical | path
git | git_add | Adds file contents to the staging area | repo_path files[] | Write | Medium |
git | git_push | Pushes commits to the remote | remote branch force | Write | Medium | egress
git | git_show | Shows the contents of a commit | repo_path revision | Read | Low |
git | force_push | Force push the current branch. | branch | Destructive | Critical |
git | git_reset_hard | Reset the working tree to HEAD | repo_path | Destructive | Critical |
git | git_clean | Remove untracked files from the working tree | repo_path | Destructive | Critical |
git | git_stash_drop | Drop a stash entry | index | Destructive | Critical |
git | git_rebase | Reapply commits on top of another base | repo_path onto | Write/Execute | Medium |
git | git_blame | Show what revision and author last modified each line | path | Read | Low |
git | git_checkout | Switches branches | repo_path branch_name | Write | Medium |
git | git_cherry_pick | Apply the changes of an existing commit | commit | Write/Execute | Medium |
git | git_config | Get or set configuration values | key value | Write | Medium |
shell | execute_command | Execute a command in the terminal with timeout. | command timeout_ms | Execute | High | code
shell | shell | Runs a shell command and returns stdout and stderr | cmd cwd | Execute | High | code
shell | run_terminal_cmd | PROPOSE a command to run on behalf of the user. | command is_background | Execute | High | code
shell | send_input | Send input to a running terminal session | session_id input | Write/Execute | Medium |
shell | read_output | Read new output from a running terminal session | pid | Read | Low |
shell | interact_with_process | Send input to a running process and receive its response. | pid input | Execute/Write | Medium |
shell | start_process | Start a new terminal process with smart detection of readiness. | command shell | Execute | High | code
shell | force_terminate | Force terminate a running terminal session. | pid | Destructive | Critical |
shell | kill_process | Terminate a running process by PID. Use with caution. | pid | Destructive | Critical |
shell | list_processes | List all running processes. Returns process information. | | Read | Low |
shell | list_and_kill | Lists processes matching a pattern and kills them | pattern | Destructive | Critical |
shell | ssh_exec | Execute a command on a remote host over SSH | host command password | Execute | High | code secrets
shell | set_config_value | Set a specific configuration value by key. | key value | Write | Medium |
python | run_python_code | Execute Python code in a sandbox | code packages[] | Execute | High | code
python | eval | Evaluate an expression | expression | Execute | High | code
python | load_and_exec | Loads a module and executes it | module | Execute | High |
python | install_package | Install a package with pip | package | Execute | High |
jupyter | execute_cell | Execute a notebook cell and return its outputs | cell_index | Execute | High | code
jupyter | insert_execute_code_cell | Insert and execute a code cell in a Jupyter notebook. | cell_index cell_source | Execute | High | code
jupyter | read_cell | Read a specific cell from the notebook. | cell_index | Read | Low |
jupyter | overwrite_cell_source | Overwrite the source of an existing cell. | cell_index cell_source | Write | Medium |
jupyter | restart_kernel | Restart the notebook kernel | | Execute | High |
puppeteer | puppeteer_evaluate | Execute JavaScript in the browser console | script | Execute | High | code
playwright | browser_evaluate | Evaluate JavaScript expression on page or element | function element | Execute | High | code
playwright | browser_fill_form | Fill multiple form fields | fields[] | Write | Medium |
playwright | browser_network_requests | Returns all network requests since loading the page | | Read | Low |
playwright | browser_run_code | Run Playwright code snippet | code | Execute | High | code
playwright | browser_snapshot | Capture accessibility snapshot of the current page, this is better than screenshot | | Read | Low |
playwright | browser_click | Perform click on a web page | element ref | Write/Execute | Medium |
playwright | browser_cookies_clear | Clear all cookies | | Destructive | Critical |
fetch | fetch | Fetches a URL from the internet and optionally extracts its contents as markdown. | url max_length start_index raw | Read | Low | untrusted-input
http | fetch | Make an HTTP request | url method=GET,POST,PUT,DELETE headers body | Execute | High | egress
http | http_request | Send an HTTP request to any URL | url method headers body | Execute/Write | High | egress
http | curl | Make a request with curl | args[] | Execute | High |
http | graphql | Run a GraphQL operation | query variables | Execute | High | code
desktop | click | Click at the given coordinates | x y | Write/Execute | Medium |
desktop | take_screenshot | Take a screenshot of the screen | | Read | Low |
desktop | get_clipboard | Get the contents of the clipboard | | Read | Low |
desktop | set_clipboard | Set the clipboard to text | text | Write | Medium |
desktop | run_applescript | Run an AppleScript | script | Execute | High | code
desktop | open_application | Open an application by name | name | Execute/Write | Medium |
desktop | shutdown_computer | Shut down this computer | | Execute | High |
desktop | press_key | Press a key | key | Write/Execute | Medium |
sqlite | read_query | Execute a SELECT query on the SQLite database | query | Read/Execute | Low | code
sqlite | write_query | Execute an INSERT, UPDATE, or DELETE query on the SQLite database | query | Execute/Destructive | High | code
sqlite | create_table | Create a new table in the SQLite database | query | Write/Execute | Medium |
sqlite | list_tables | List all tables in the SQLite database | | Read | Low |
sqlite | append_insight | Add a business insight to the memo | insight | Write | Medium |
sqlite | drop_table | Drop a table | table | Destructive | Critical |
postgres | query | Run a read-only SQL query | sql | Execute/Read | Medium | code
postgres | execute_sql | Execute any SQL query | sql | Execute | High | code
postgres | explain_query | Explains the execution plan for a SQL query | sql | Read/Execute | Low |
postgres | analyze_db_health | Analyzes database health. | health_type | Read | Low |
postgres | get_object_details | Show detailed information about a database object | schema_name object_name | Read | Low |
mysql | mysql_query | Run SQL queries against MySQL database | sql | Execute | High | code
mongodb | insert-many | Insert an array of documents into a MongoDB collection | database collection documents[] | Write | High | bulk
mongodb | delete-many | Removes all documents that match the filter from a MongoDB collection | filter | Destructive | Critical | bulk
mongodb | update-many | Updates all documents that match the specified filter for a collection | filter update upsert | Write | High | bulk
mongodb | find | Run a find query against a MongoDB collection | database collection filter limit | Read | Low |
mongodb | aggregate | Run an aggregation against a MongoDB collection | pipeline[] | Read/Execute | Low |
mongodb | drop-database | Removes the specified database, deleting the associated data files | database | Destructive | Critical |
mongodb | rename-collection | Renames a collection in a MongoDB database | newName dropTarget | Write | Medium |
redis | set | Set a Redis key-value pair with optional expiration | key value expireSeconds | Write | Medium |
redis | get | Get value by key from Redis | key | Read | Low |
redis | hgetall | Get all fields and values from a Redis hash | name | Read | Low |
redis | flushdb | Delete all the keys of the current database | | Destructive | Critical |
redis | lpush | Push a value onto the left of a Redis list | name value | Write | Medium |
redis | expire | Set an expiration time for a Redis key | name expire_seconds | Write/Destructive | Medium |
elasticsearch | search | Perform an Elasticsearch search with the provided query DSL. | index queryBody | Read | Low |
elasticsearch | get_mappings | Get field mappings for a specific Elasticsearch index | index | Read | Low |
elasticsearch | esql | Perform an Elasticsearch ES|QL query. | query | Execute/Read | Low |
elasticsearch | delete_by_query | Deletes documents matching the query | index body | Destructive | Critical |
obsidian | obsidian_append_content | Append content to a new or existing file in the vault. | filepath content | Write | Medium | path
obsidian | obsidian_simple_search | Simple search for documents matching a specified text query across all files in the vault. | query | Read | Low |
obsidian | obsidian_delete_file | Delete a file or directory from the vault. | filepath confirm | Destructive | Critical | path
obsidian | obsidian_patch_content | Insert content into an existing note relative to a heading, block reference, or frontmatter field. | filepath operation=append,prepend,replace target content | Write | Medium | path
memory | create_entities | Create multiple new entities in the knowledge graph | entities[] | Write | High | bulk
memory | read_graph | Read the entire knowledge graph | | Read | Low |
memory | delete_observations | Delete specific observations from entities in the knowledge graph | deletions[] | Destructive | Critical |
thinking | sequentialthinking | A detailed tool for dynamic and reflective problem-solving through thoughts. | thought nextThoughtNeeded thoughtNumber | Read/Write | Low |
time | convert_time | Convert time between timezones | source_timezone time target_timezone | Read/Write | Low |
blender | execute_blender_code | Execute arbitrary Python code in Blender. | code | Execute | High | code
npm | npm_publish | Publish the package to the registry | tag | Write/Execute | High | egress
npm | npm_audit | Scan dependencies for vulnerabilities | | Read | Low |
npm | run_script | Run a script from package.json | script | Execute | High | code
print | print_document | Send a document to the printer | printer path | Write/Execute | Medium | path
print | list_printers | List the printers on the network | | Read | Low |
`;
