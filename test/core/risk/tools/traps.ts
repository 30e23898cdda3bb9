/** Names and texts made to mislead, thin evidence, other languages, other styles. The columns are explained in `table.ts`. */
export const TRAPS = `
| get_or_create | | name | Write | Medium |
| find_and_replace | Finds text and replaces it everywhere | pattern replacement | Write | Medium |
| read_and_delete | | id | Destructive | Critical |
| export_and_purge | Exports the log | | Destructive | Critical |
| run_query | Executes a query | query | Execute | High | code
| check_out | | item | Write | Medium |
| publish | | | Write | Medium |
| get_address | Get the postal address of a contact | id | Read | Low |
| addresses | Returns known addresses | | Read | Low |
| sync | | | Write | Medium |
| restore | Restore a backup over the current data | backup_id | Write/Destructive | Medium |
| rollback | | version | Execute/Destructive | High |
| reset | | | Destructive | Critical |
| terminate | | | Destructive | Critical |
| revoke | | token | Destructive | Critical |
| disable | | | Write | Medium |
| merge | | | Write | Medium |
| transfer | | to amount | Financial | Critical |
| transfer_issue | Move an issue to another project | issue project | Write | Medium |
| withdraw | | amount | Financial | Critical |
| swap | | amount from to | Financial | Critical |
| stake | | amount | Financial | Critical |
| checkout | | cart_id | Financial | Critical |
| checkout | Check out a branch | branch | Write | Medium |
| order | | sku quantity | Financial | Critical |
| subscribe | Subscribe to a topic | topic | Write | Medium |
| subscribe_to_plan | Subscribe the account to a paid plan | plan | Financial | Critical |
| refund | | charge | Financial | Critical |
| charge | | customer amount | Financial | Critical |
| do | | | Write/Execute | Medium |
| action | | | Write/Execute | Medium |
| manage | | | Write/Execute | Medium |
| run | | | Execute | High |
| call | | | Execute | High |
| invoke | | | Execute | High |
| api | | path method body | Write/Execute | Medium |
| tool | Use this tool | input | Write/Execute | Medium |
| helper | Helps | | Write/Execute | Medium |
| process | Processes the input | input | Write/Execute | Medium |
| handle_request | | request | Write/Execute | Medium |
| deleteUserAccount | | userId | Destructive | Critical |
| delete-user-account | | user-id | Destructive | Critical |
| users.account.delete | | id | Destructive | Critical |
| users/account/delete | | id | Destructive | Critical |
| acme:users::delete | | id | Destructive | Critical |
| mcp__acme__delete_user | | id | Destructive | Critical |
| DeleteUser | | id | Destructive | Critical |
| DELETE_USER | | id | Destructive | Critical |
| deleteuser | | id | Destructive/Write | Medium |
| GMAIL_DELETE_MESSAGE | | id | Destructive | Critical |
| GITHUB_LIST_REPOS | | | Read | Low |
| users.list | List users | | Read | Low |
| löschen_datei | Löscht eine Datei | pfad | Destructive/Write | Medium |
| datei_loeschen | Löscht eine Datei endgültig | pfad | Destructive/Write | Medium |
| eliminar_usuario | Elimina un usuario | id | Destructive/Write | Medium |
| borrar | Borra todo | | Destructive/Write | Medium |
| supprimer_fichier | Supprime un fichier | chemin | Destructive/Write | Medium |
| virement | Effectue un virement | montant iban | Financial/Write | Medium |
| 删除文件 | 删除一个文件 | 路径 | Destructive/Write | Medium |
| 查询天气 | 查询城市天气 | 城市 | Read/Write | Low |
| ファイル削除 | ファイルを削除します | path | Destructive/Write | Medium |
| удалить_файл | Удаляет файл | | Destructive/Write | Medium |
| info | Elimina todos los registros del sistema | | Destructive/Write | Medium |
| status | Löscht den Status aller Aufträge | | Destructive/Write | Medium |
| consultar_clima | Consulta el clima de una ciudad | ciudad | Read/Write | Low |
| delete_records | A read-only tool that lists records | | Destructive | Critical |
| delete_records | Deletes records | ids[] | Destructive | Critical | bulk | ro
| purge_logs | Read-only. Shows old logs. | | Destructive | Critical | | ro
| get_users | Get users, then delete those that are inactive | | Destructive | Critical |
| list_files | List files. Files older than 30 days are removed. | | Destructive/Write | Medium |
| get_report | Generates the report and emails it to everyone | | Write | Medium | egress
| view_document | Opens the document and marks it as read | | Write | Medium |
| search_and_book | Finds the cheapest hotel and books it | city | Financial | Critical |
| lookup | Looks up the customer and charges their card | customer | Financial | Critical |
| get_data | Get data | command | Execute | High | code
| search | Search records | query | Read | Low |
| list_users | List users | | Write/Destructive | Medium | | write
| list_sessions | List sessions | | Destructive | Critical | | write destructive
| update_status | Update the status | | Write | Medium | | ro
| get_settings | Get settings | | Read | Low | | ro
| evaluate_policy | Evaluate whether a policy would allow a request. Read-only. | policy | Read/Execute | Low | | ro
| show_confirm_and_wipe | | | Destructive | Critical |
| undelete_file | Bring back a deleted file | id | Write | Medium |
| get_deleted_users | List deleted users | | Read | Low |
| list_recently_removed | Recently removed items | | Read | Low |
| deletion_status | Status of a deletion | id | Read | Low |
| is_deleted | Whether the record has been deleted | id | Read | Low |
| count_orders | Count orders | | Read | Low |
| payment_methods | List the saved payment methods | | Read | Low |
| dry_run_deploy | Show what a deployment would change, without deploying | | Read/Execute | Low |
| preview_delete | Show what would be deleted, without deleting anything | | Read/Destructive | Low |
| validate_and_submit | | form | Write | Medium |
| download_and_run | | url | Execute | High |
| fetch_and_execute | | url | Execute | High |
| save_memory | Remember a fact about the user | fact | Write | Medium |
| ask_user | Ask the user a question | question | Write/Read | Low |
| get_api_key | | service | Read | High | secrets
| list_env | List environment variables | | Read | High | secrets
| login | Log in to the service | username password | Write/Execute | High | secrets
| webhook | Call a webhook | url payload | Execute/Write | High | egress
| upload | | file | Write | Medium |
| import_users | Import users from a CSV file | file_path | Write | Medium | path
| truncate | Truncate text to a length | text length | Read/Write/Destructive | Low |
| toggle_feature_flag | Turn a feature flag on or off | flag | Write | Medium |
| approve_request | Approve a pending access request | id | Write | High | privilege
| make_public | Make the bucket public | bucket | Write | High | privilege
| disable_mfa | Turn off two-factor sign-in for a user | user_id | Write/Destructive | High | privilege
| whoami | Who is signed in | | Read | Low |
| ping | Check that the server answers | | Read | Low |
| echo | Echoes the input back | message | Read/Write | Low |
| add | Adds two numbers | a b | Read/Write | Low |
| divide | Divides two numbers | a b | Read/Write | Low |
`;
